import { constants } from "node:fs";
import { link, open, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors.js";
import { ofPlace, reasonOf } from "../file-trouble.js";
import { describeSelf, type Holder, isElsewhere, lives, readHolder } from "./holder.js";

// A process on another machine cannot be looked up: it shows that it lives by touching its lock. Whoever wants the folder
// watches for longer than several beats, by its own clock, as two machines' clocks need not agree.
const BEAT = 2_000;
const WATCH = 10_000;
/** Clocks of machines that share a disk differ by less: a lock that nobody has touched for so long is nobody's. */
const FORGOTTEN = 600_000;
/** A lock that came and went so often while we asked for it is no lock. */
const ATTEMPTS = 1_000;

const NO_ROOM: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT"]);

/** By which another machine's lock is watched, in milliseconds. */
export type Clock = { now: () => number; wait: (ms: number) => Promise<unknown> };
const OWN_CLOCK: Clock = { now: () => performance.now(), wait: (ms) => sleep(ms) };

/** Whether a file is of a lock, or of somebody who takes it. */
export function isLockFile(name: string): boolean {
  return name.startsWith("run.lock");
}

/** A folder cannot be had now; its holder is named. */
export class FolderInUse extends UserError {
  override name = "FolderInUse";
  override readonly code = "folder_in_use";
}

/**
 * Takes a folder for this process; the returned function gives it back. Throws FolderInUse with the holder's name if
 * another process has it; one on another machine is watched for 10 s. A lock whose process is dead is taken over: the
 * first to link `run.lock.after-<its id>` may replace it, so of several heirs exactly one wins. `onLost` is called if
 * another machine took us for dead, as when this one was suspended.
 */
export async function lockFolder(
  folder: string,
  onLost = () => {},
  clock: Clock = OWN_CLOCK,
): Promise<() => Promise<void>> {
  const path = join(folder, "run.lock");
  const self = describeSelf();
  const draft = `${path}.${self.id}`;
  try {
    await writeFile(draft, JSON.stringify(self));
    for (let attempt = 1; !(await tryLink(draft, path)); attempt += 1) {
      if (attempt > ATTEMPTS) throw new UserError(`${path} can neither be read nor made; delete it`);
      const holder = await readHolder(path);
      if (!holder) continue; // given back just now
      await refuseIfAlive(folder, path, holder, clock);
      if (await replace(folder, path, draft, holder, clock)) break;
    }
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    // No lock is in the way.
    if (NO_ROOM.has(code)) throw ofPlace(error, draft, path);
    throw new UserError(`${folder} cannot be locked: ${reasonOf(error)}; delete ${path}`);
  } finally {
    await rm(draft, { force: true });
  }
  const beating = setInterval(() => void beat(path, self.id, onLost), BEAT).unref();
  return async () => {
    clearInterval(beating);
    if ((await readHolder(path))?.id === self.id) await rm(path, { force: true });
  };
}

/**
 * Whether a living process has a folder; one that cannot be looked up from here counts as living for ten minutes after it
 * touched its lock last.
 */
export async function isHeld(folder: string): Promise<boolean> {
  const path = join(folder, "run.lock");
  const holder = await readHolder(path);
  if (!holder) return false;
  if (!isElsewhere(holder)) return lives(holder);
  const touched = await touchedAt(path);
  return touched !== undefined && Date.now() - touched < FORGOTTEN;
}

/** Puts our lock in the place of a dead holder's. False if somebody else was faster. */
async function replace(
  folder: string,
  path: string,
  draft: string,
  dead: Holder,
  clock: Clock,
): Promise<boolean> {
  const claim = `${path}.after-${dead.id}`;
  if (!(await tryLink(draft, claim))) {
    const heir = await readHolder(claim);
    if (!heir) return false;
    await refuseIfAlive(folder, claim, heir, clock);
    // The heir died between claiming and taking over: its claim is inherited in the same way.
    if (!(await replace(folder, claim, draft, heir, clock))) return false;
  }
  // While we hold the claim nobody else can replace the dead holder, so what we read here stays true.
  const won = (await readHolder(path))?.id === dead.id;
  if (won) {
    const copy = `${draft}.copy`;
    await link(draft, copy);
    await rename(copy, path);
  }
  await rm(claim, { force: true });
  return won;
}

async function refuseIfAlive(folder: string, path: string, holder: Holder, clock: Clock): Promise<void> {
  if (isElsewhere(holder) ? !(await beats(path, holder, clock)) : !lives(holder)) return;
  throw new FolderInUse(
    `${folder} is in use by process ${holder.pid} on ${holder.host} (${holder.command}, since ${holder.since}). ` +
      "Wait for it or stop it, then try again.",
  );
}

/** Touches our lock, if it is still ours. */
async function beat(path: string, id: string, onLost: () => void): Promise<void> {
  try {
    const now = new Date();
    const holder = await readHolder(path);
    if (holder?.id === id) await utimes(path, now, now);
    else if (holder) onLost();
  } catch {
    // A missed beat is made up for by the next; a disk that is gone is told by whoever writes results.
  }
}

/** Whether a lock is touched, changed or given back while we watch. */
async function beats(path: string, holder: Holder, { now: time, wait }: Clock): Promise<boolean> {
  const before = await touchedAt(path);
  for (const end = time() + WATCH; time() < end; await wait(BEAT / 4)) {
    const now = await touchedAt(path);
    if (now === undefined) return false;
    if (now !== before) return true;
  }
  return (await readHolder(path))?.id !== holder.id;
}

/** Opened for it, because network file systems ask their server anew only then. */
async function touchedAt(path: string): Promise<number | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return (await file.stat()).mtimeMs;
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
