import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { packageFile } from "../package-root.js";
import { liesIn } from "../permissions/index.js";
import { isThere } from "../plain-file.js";

// Personas and situation packs are looked up beside the scenario file first, so a user's own shadow the shipped ones.

/** Names are no paths: a scenario from a stranger must not reach beyond these folders. */
function isName(name: string): boolean {
  return /^[^/\\\0]+$/u.test(name) && !name.startsWith(".");
}

/** The file that defines a persona, or null if there is none. */
export function personaFile(name: string, scenarioPath: string): string | null {
  if (!isName(name)) return null;
  return firstExisting(folders("personas", scenarioPath).map((folder) => join(folder, `${name}.yaml`)));
}

/** Names of all personas a scenario at this path may use, sorted. */
export function personaNames(scenarioPath: string): string[] {
  const files = folders("personas", scenarioPath).flatMap(entries);
  return sorted(files.filter((file) => file.endsWith(".yaml")).map((file) => basename(file, ".yaml")));
}

/** The folder of a situation pack, or null if there is none. */
export function packFolder(name: string, scenarioPath: string): string | null {
  if (!isName(name)) return null;
  const file = firstExisting(
    folders("situations", scenarioPath).map((folder) => join(folder, name, "pack.yaml")),
  );
  return file === null ? null : dirname(file);
}

/** Names of all situation packs a scenario at this path may use, sorted. */
export function packNames(scenarioPath: string): string[] {
  return sorted(
    folders("situations", scenarioPath).flatMap((folder) =>
      entries(folder).filter((name) => existsSync(join(folder, name, "pack.yaml"))),
    ),
  );
}

/** A file that a scenario names: beside it, or else in one of the shipped folders. Null if in neither. */
export function namedFile(name: string, scenarioPath: string, shipped: string): string | null {
  const root = packageFile(shipped);
  const ours = resolve(root, name);
  const places = [resolve(dirname(scenarioPath), name), ...(liesIn(ours, [root]) ? [ours] : [])];
  return firstExisting(places);
}

function folders(kind: "personas" | "situations", scenarioPath: string): string[] {
  return [join(dirname(scenarioPath), kind), packageFile(kind)];
}

function firstExisting(paths: string[]): string | null {
  return paths.find(isThere) ?? null;
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function sorted(names: string[]): string[] {
  return [...new Set(names)].sort();
}
