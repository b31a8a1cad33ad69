import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, open, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors.js";

/** Who holds a folder. `born` tells a process from a later one with the same number. */
type Holder = { id: string; pid: number; host: string; born: string; command: string; since: string };

// A process on another machine cannot be looked up: it shows that it lives by touching its lock. Whoever wants the folder
// watches for longer than several beats, by its own clock, as two machines' clocks need not agree.
const BEAT = 2_000;
const WATCH = 10_000;

/** A folder cannot be had now; its holder is named. */
export class FolderInUse extends UserError {
  override name = "FolderInUse";
}

/**
 * Takes a folder for this process; the returned function gives it back. Throws FolderInUse with the holder's name if
 * another process has it; one on another machine is watched for 10 s. A lock whose process is dead is taken over: the
 * first to link `run.lock.after-<its id>` may replace it, so of several heirs exactly one wins. `onLost` is called if
 * another machine took us for dead, as when this one was suspended.
 */
export async function lockFolder(folder: string, onLost = () => {}): Promise<() => Promise<void>> {
  const path = join(folder, "run.lock");
  const self = describeSelf();
  const draft = `${path}.${self.id}`;
  await writeFile(draft, JSON.stringify(self));
  try {
    while (!(await tryLink(draft, path))) {
      const holder = await readHolder(path);
      if (!holder) continue; // given back just now
      await refuseIfAlive(folder, path, holder);
      if (await replace(folder, path, draft, holder)) break;
    }
  } finally {
    await rm(draft, { force: true });
  }
  const beating = setInterval(() => void beat(path, self.id, onLost), BEAT).unref();
  return async () => {
    clearInterval(beating);
    if ((await readHolder(path))?.id === self.id) await rm(path, { force: true });
  };
}

/** Whether a living process has a folder; one on another machine counts as living. */
export async function isHeld(folder: string): Promise<boolean> {
  const holder = await readHolder(join(folder, "run.lock"));
  return holder !== undefined && (holder.host !== hostname() || bornOf(holder.pid) === holder.born);
}

/** Puts our lock in the place of a dead holder's. False if somebody else was faster. */
async function replace(folder: string, path: string, draft: string, dead: Holder): Promise<boolean> {
  const claim = `${path}.after-${dead.id}`;
  if (!(await tryLink(draft, claim))) {
    const heir = await readHolder(claim);
    if (!heir) return false;
    await refuseIfAlive(folder, claim, heir);
    // The heir died between claiming and taking over: its claim is inherited in the same way.
    if (!(await replace(folder, claim, draft, heir))) return false;
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

async function refuseIfAlive(folder: string, path: string, holder: Holder): Promise<void> {
  const elsewhere = holder.host !== hostname();
  if (elsewhere ? !(await beats(path, holder)) : bornOf(holder.pid) !== holder.born) return;
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
async function beats(path: string, holder: Holder): Promise<boolean> {
  const before = await touchedAt(path);
  for (const end = Date.now() + WATCH; Date.now() < end; await sleep(BEAT / 4)) {
    const now = await touchedAt(path);
    if (now === undefined) return false;
    if (now !== before) return true;
  }
  return (await readHolder(path))?.id !== holder.id;
}

/** Opened for it, because network file systems ask their server anew only then. */
async function touchedAt(path: string): Promise<number | undefined> {
  try {
    const file = await open(path);
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

function describeSelf(): Holder {
  return {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    born: bornOf(process.pid),
    // Without options: addresses among them may hold passwords.
    command: ["candor", ...process.argv.slice(2, 4).filter((word) => /^[\w./-]+$/u.test(word))].join(" "),
    since: new Date().toISOString(),
  };
}

/** A process's start time where the system tells (Linux), else whether it runs; "dead" if it does not. */
function bornOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "dead" : (fields[19] ?? "alive");
  } catch {
    try {
      process.kill(pid, 0);
      return "alive";
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EPERM" ? "alive" : "dead";
    }
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

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    // A power cut can leave an empty lock; its holder did not survive that.
    if (error instanceof SyntaxError)
      return { id: "damaged", pid: -1, host: hostname(), born: "?", command: "?", since: "?" };
    throw error;
  }
}
