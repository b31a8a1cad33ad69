import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UserError } from "../errors.js";
import { nearNames } from "../yaml/index.js";
import { runPaths } from "./layout.js";
import { isSweepFolder } from "./sweep-folder.js";

/** Where runs lie unless something else is said. */
const USUAL = "runs";
/** Folders that are looked into for what was meant. */
const MOST = 1000;

/** To be thrown of a folder that holds neither a run nor a sweep: what may have been meant. */
export function notARun(folder: string): UserError {
  return new UserError(`${folder}: neither a run nor a sweep; ${meant(folder)}`);
}

function meant(folder: string): string {
  const inside = runsIn(folder);
  if (inside.length > 0) return `it holds some; name one, such as ${inside[0]}`;
  const beside = [...new Set([dirname(folder), USUAL].map((place) => (place === "." ? USUAL : place)))];
  const known = beside.flatMap(runsIn);
  const near = nearNames(
    basename(folder),
    known.map((one) => basename(one)),
  );
  const whole = known.filter((one) => near.includes(basename(one)));
  if (whole.length > 0) return `did you mean ${whole.slice(0, 3).join(", ")}?`;
  return "name a folder with run.json or sweep.json, such as runs/<name>-<hash>";
}

/** The runs and sweeps that lie in a folder. */
function runsIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .slice(0, MOST)
      .map(({ name }) => join(folder, name))
      .filter((one) => isSweepFolder(resolve(one)) || existsSync(runPaths(one).run));
  } catch {
    // There is none, or it may not be read: then it holds nothing to name.
    return [];
  }
}
