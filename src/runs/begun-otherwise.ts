import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "../errors.js";
import { counted } from "../numbers.js";
import { halfRemoved, removeFolder } from "../whole/index.js";
import type { RunPaths } from "./layout.js";
import type { RunManifest } from "./manifest.js";
import { reportPath, resultFile, resultFiles } from "./results.js";

// The numbers of a run, and of a sweep, come from one state of the files that its scenario names. A module that was mended, and probes
// that were corrected, are another.

/**
 * Whether a run that was begun with other files may be played anew without a word of the user, as nothing of use is lost by it: one of
 * which no round is complete, and one that failed before its first round of training was.
 */
export function mayBeginAnew({ round }: RunPaths, { status }: Pick<RunManifest, "status">): boolean {
  const isComplete = (number: number): boolean => existsSync(round(number).round);
  return !isComplete(0) || (status === "failed" && !isComplete(1));
}

/**
 * Deletes what a run has come to, for whoever holds its folder. What it used of models stays counted, and its log goes on. `run.json` goes
 * last, so that after a kill the same is to be done again.
 */
export async function clearRun({ folder, run, within, ...paths }: RunPaths): Promise<void> {
  const parts = [paths.round(0).folder, paths.checkpoint(0), paths.training(0)].map((one) => dirname(one));
  for (const part of parts) {
    for (const half of await halfRemoved(part)) await rm(half, { recursive: true, force: true });
    if (existsSync(part)) await removeFolder(part);
  }
  const results = resultFiles(folder).map((name) => resultFile(folder, name)!);
  for (const file of [...results, reportPath(folder), within, run]) await rm(file, { force: true });
}

/** What is told of a run that is played anew. */
export function anewWords(changed: readonly string[]): string {
  return `what had been played with other contents of ${changed.join(", ")} is deleted, and begun anew`;
}

/** A run that was begun with other files. */
export type BegunOtherwise = { folder: string; changed: readonly string[]; isDone: boolean };

/** The refusal to go on with runs that were begun with other files: what is so, and what to do. */
export function begunOtherwise(found: readonly BegunOtherwise[], kind: "run" | "sweep"): UserError {
  const [first] = found;
  const changed = [...new Set(found.flatMap((one) => one.changed))].join(", ");
  const done = found.filter(({ isDone }) => isDone).length;
  const isOne = found.length === 1;
  const were = isOne
    ? `${first!.folder} was begun`
    : `${counted(found.length, "run")} of the sweep, such as ${first!.folder}, were begun`;
  const ended = kind === "run" || done === 0 ? "" : isOne ? " and is done" : ` and ${done} of them are done`;
  const them = isOne ? "it" : "them";
  return new UserError(
    `${were} with other contents of ${changed}${ended}; going on would mix the two. ` +
      `Give the ${kind}'s command again with --anew to play ${them} from the start (what ${isOne ? "it holds" : "they hold"} is deleted), ` +
      "choose another folder with --out, or put the files back as they were",
  );
}
