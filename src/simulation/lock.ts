import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { UserError } from "../errors.js";

/** Who holds a folder. `born` tells a process from a later one with the same number. */
type Holder = { id: string; pid: number; host: string; born: string; command: string; since: string };

/**
 * Takes a folder for this process; the returned function gives it back. Throws a UserError that names the holder if
 * another process has it. A lock whose process is dead is taken over: the first to link `run.lock.after-<its id>` may
 * replace it, so of several heirs exactly one wins.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, "run.lock");
  const self = describeSelf();
  const draft = `${path}.${self.id}`;
  await writeFile(draft, JSON.stringify(self));
  try {
    while (!(await tryLink(draft, path))) {
      const holder = await readHolder(path);
      if (!holder) continue; // given back just now
      refuseIfAlive(folder, path, holder);
      if (await replace(folder, path, draft, holder)) break;
    }
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
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
    refuseIfAlive(folder, path, heir);
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

function refuseIfAlive(folder: string, path: string, holder: Holder): void {
  const elsewhere = holder.host !== hostname();
  if (!elsewhere && bornOf(holder.pid) !== holder.born) return;
  throw new UserError(
    `${folder} is in use by process ${holder.pid} on ${holder.host} (${holder.command}, since ${holder.since}). ` +
      (elsewhere
        ? `If that process is no longer running, delete ${path} and try again.`
        : "Wait for it or stop it, then try again."),
  );
}

function describeSelf(): Holder {
  return {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    born: bornOf(process.pid),
    command: ["candor", ...process.argv.slice(2, 4)].join(" "),
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
