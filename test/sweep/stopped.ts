import { existsSync, readFileSync } from "node:fs";
import { until } from "../until.js";
import { HOOK } from "./random-kills.js";

/** The environment in which the first process that is about to change such a path stops itself there (`die-at-change.mjs`). */
export const stopping = (at: string, mark: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${HOOK}`,
  CANDOR_STOP_AT: at,
  CANDOR_STOPPED: mark,
});

/** Until a process has stopped itself, by its mark; gives its number, and fails where all have ended without it. */
export async function whenStopped(mark: string, ended: Promise<{ stderr: string }>): Promise<number> {
  let said: string | undefined;
  void ended.then(({ stderr }) => {
    said = stderr;
  });
  const pid = await until(() => {
    if (existsSync(mark)) return Number(readFileSync(mark, "utf8"));
    if (said !== undefined) throw new Error(`ended before it stopped: ${said}`);
    return null;
  });
  await until(() => isStopped(pid));
  return pid;
}

/** Lets a stopped process go on; one that is gone by now needs nothing. */
export function wake(pid: number): void {
  try {
    process.kill(pid, "SIGCONT");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

function isStopped(pid: number): boolean {
  return /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}
