import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { setting } from "../environment.js";
import { UserError } from "../errors.js";
import { makeWithParentsSync, notWritten } from "../whole/index.js";

/** The cards of this machine that programs are placed on. */
export type Gpus = Readonly<{
  /** As CUDA_VISIBLE_DEVICES names them. */
  ids: readonly string[];
  /** Most trainers on a card at the same time, of all runs of this user; as many as come if undefined. */
  trainers?: number;
}>;

const VARIABLES = { ids: "CANDOR_GPUS", trainers: "CANDOR_TRAINERS_PER_GPU" } as const;

/** For the environment of a process that is to place its programs on the same cards. */
export function gpusAsEnvironment(gpus: Gpus | undefined): Record<string, string> {
  if (!gpus) return {};
  const trainers = gpus.trainers === undefined ? "" : String(gpus.trainers);
  return { [VARIABLES.ids]: gpus.ids.join(","), [VARIABLES.trainers]: trainers };
}

/** What `gpusAsEnvironment` put there; undefined if nothing. */
export function gpusOf(ids: string | undefined, trainers: number | undefined): Gpus | undefined {
  if (ids === undefined) return undefined;
  return { ids: idsIn(ids), ...(trainers === undefined ? {} : { trainers }) };
}

/**
 * The cards to use: those that are named (`0,1` or `none`), else those that CUDA_VISIBLE_DEVICES leaves, else all that nvidia-smi
 * lists; none where it does not. Throws a UserError on a name that is none.
 */
export async function findGpus(named: string | undefined, trainers?: number): Promise<Gpus> {
  const limit = trainers === undefined ? {} : { trainers };
  const given = named ?? setting.CUDA_VISIBLE_DEVICES();
  if (given === "none") return { ids: [], ...limit };
  if (given === undefined) return { ids: await listed(), ...limit };
  const ids = idsIn(given);
  const wrong = ids.find((id) => !/^[\w-]+$/u.test(id));
  // Beside cards `none` is none of them, and a name that is missing may be that of a card that was meant.
  const odd = named?.split(",").find((id) => id.trim() === "" || id.trim() === "none");
  if (wrong !== undefined || odd !== undefined)
    throw new UserError(`--gpus: expected cards such as 0,1 or none, found ${JSON.stringify(given)}`);
  return { ids: [...new Set(ids)], ...limit };
}

const idsIn = (text: string): string[] =>
  text
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");

async function listed(): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)(
      "nvidia-smi",
      ["--query-gpu=index", "--format=csv,noheader"],
      {
        timeout: 20_000,
      },
    );
    return stdout.split("\n").flatMap((line) => (/^\d+$/u.test(line.trim()) ? [line.trim()] : []));
  } catch {
    // No such program, or no card that it could speak to.
    return [];
  }
}

/** Cards that a program has until it gives them back. */
export type Place = { ids: readonly string[]; release: () => void };

const LOOK_AGAIN_MS = 200;
/** Places a card has where nobody said how many. */
const MANY = 1_000;

/**
 * Waits for places on `wanted` different cards, those with the fewest programs first. A place is a file that names its process, so
 * that sweeps of one user that run side by side share the cards; one whose process has ended is free. Throws a UserError if
 * there are fewer cards than wanted, and the signal's reason.
 */
export async function takeGpus(
  { ids, trainers = MANY }: Gpus,
  wanted: number,
  { signal, folder = defaultFolder() }: { signal?: AbortSignal; folder?: string } = {},
): Promise<Place> {
  if (wanted > ids.length)
    throw new UserError(
      `training.external.gpus: ${wanted} cards are wanted, and there are ${ids.length} (--gpus names them)`,
    );
  try {
    makeWithParentsSync(folder);
  } catch (error) {
    throw notWritten(folder, error, { advice: "name another folder for temporary files (TMPDIR)" });
  }
  for (;;) {
    signal?.throwIfAborted();
    const taken = tryAll(ids, wanted, trainers, folder);
    if (taken) {
      return {
        ids: taken.map(({ id }) => id),
        release: () => {
          for (const { file } of taken) rmSync(file, { force: true });
        },
      };
    }
    await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
  }
}

const defaultFolder = (): string => join(tmpdir(), `candor-gpus-${userInfo().username}`);

type Taken = { id: string; file: string };

/** Places on as many different cards as are wanted; null, and none taken, where there are fewer. */
function tryAll(ids: readonly string[], wanted: number, places: number, folder: string): Taken[] | null {
  const taken: Taken[] = [];
  for (let place = 0; place < places && taken.length < wanted; place += 1) {
    for (const id of ids) {
      if (taken.length === wanted) break;
      if (taken.some((one) => one.id === id)) continue;
      const file = join(folder, `${id}.${place}`);
      if (take(file)) taken.push({ id, file });
    }
  }
  if (taken.length === wanted) return taken;
  // Two that each hold a part would wait for ever.
  for (const { file } of taken) rmSync(file, { force: true });
  return null;
}

function take(file: string): boolean {
  if (make(file)) return true;
  const holder = holderOf(file);
  // Given back just now, or made and not yet written to: the next look tells.
  if (holder === undefined || lives(holder)) return false;
  // Of several that find it abandoned one alone may clear it away: what the others would delete is by then that one's own.
  const heir = `${file}.after-${holder}`;
  if (!make(heir)) {
    const before = holderOf(heir);
    if (before !== undefined && !lives(before)) rmSync(heir, { force: true });
    return false;
  }
  try {
    if (holderOf(file) !== holder) return false;
    rmSync(file, { force: true });
    return make(file);
  } finally {
    rmSync(heir, { force: true });
  }
}

/** Makes a file that names this process; false where there is one already. */
function make(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  }
}

/** The process that a file names; undefined where there is no file, or it names none yet. */
function holderOf(file: string): number | undefined {
  try {
    const holder = Number(readFileSync(file, "utf8"));
    return Number.isInteger(holder) && holder > 0 ? holder : undefined;
  } catch {
    return undefined;
  }
}

function lives(holder: number): boolean {
  try {
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
