import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { UserError } from "../errors.js";
import { runPaths } from "./layout.js";
import { cellFolder, isSweepFolder } from "./sweep-folder.js";

/** Folders within a run's or sweep's own that hold its results. */
const RESULTS: ReadonlySet<string> = new Set(["", "rounds", "checkpoints", "training", "cells", "slurm"]);

type Told = {
  /** The run or sweep that is written of, if any: within it other folders may be made. */
  of?: string;
  /** The option or argument that names the place. */
  option?: string;
};

/**
 * Throws a UserError where what a user has written would come into a run's or sweep's folder, whose files are its results: over
 * one of them, or among them.
 */
export function requireOutsideOfRuns(place: string, { of, option = "--out" }: Told = {}): void {
  const path = real(place);
  const folder = ownFolderOf(path);
  if (folder === undefined) return;
  const own = of !== undefined && real(of) === folder;
  if (own && !RESULTS.has(relative(folder, path).split(sep)[0]!)) return;
  const kind = isSweepFolder(folder) ? "sweep" : "run";
  throw new UserError(
    `${place} lies in the folder of a ${kind} (${basename(folder)}), whose files are its results; name another with ${option}`,
  );
}

/** The innermost folder of a run or sweep that a path is, or lies in. */
function ownFolderOf(path: string): string | undefined {
  if (isRunFolder(path) || (isSweepFolder(path) && existsSync(dirname(cellFolder(path, "one"))))) return path;
  const parent = dirname(path);
  return parent === path ? undefined : ownFolderOf(parent);
}

/** Also where its `run.json` is damaged: what else is there can be put back with it. */
function isRunFolder(folder: string): boolean {
  const { run, log, round } = runPaths(folder);
  return existsSync(run) && (existsSync(log) || existsSync(dirname(round(0).folder)));
}

/** A path with links followed, as far as it is there. */
function real(path: string): string {
  const whole = resolve(path);
  if (existsSync(whole)) return realpathSync(whole);
  const parent = dirname(whole);
  return parent === whole ? whole : join(real(parent), basename(whole));
}
