import { dirname, join, resolve } from "node:path";
import { type GivenOptions, isSweepFolder, readCommand, readSweep, type Within } from "../../runs/index.js";
import { shownPath } from "../../shown-path.js";

/** By what command a run or sweep is gone on with, as it is given from here. */
export type Again = {
  kind: "run" | "sweep";
  scenario: string;
  given: GivenOptions;
  /** The folder of its folder; null where commands look by themselves. */
  out: string | null;
};

/**
 * How the run or sweep in a folder is gone on with; undefined where that is not known, as of a run that a program began. A run of a sweep
 * is gone on with as that is. Of a sweep that no command began its scenario's file alone is known.
 */
export async function againIn(folder: string, within: Within | undefined): Promise<Again | undefined> {
  const above = dirname(dirname(resolve(folder)));
  const at = !isSweepFolder(folder) && isSweepFolder(above) ? above : folder;
  const sweep = isSweepFolder(at) ? await readSweep(at, { within }) : undefined;
  const { scenario_file = sweep?.scenario_file, ...given } = (await readCommand(at, within)) ?? {};
  if (scenario_file === undefined) return undefined;
  const parent = dirname(resolve(at));
  return {
    kind: sweep ? "sweep" : "run",
    scenario: shownPath(join(at, scenario_file)),
    given,
    out: parent === resolve("runs") ? null : parent === resolve("") ? "." : shownPath(parent),
  };
}
