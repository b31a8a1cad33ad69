import { existsSync } from "node:fs";
import { UserError } from "../errors.js";
import { packageFile } from "../package-root.js";
import { liesIn, NOTHING } from "../permissions/index.js";
import { shownPath } from "../scenario/index.js";
import { didYouMean } from "../yaml/index.js";
import { fieldsOf, lookAt } from "./look.js";
import { moduleKind, moduleKinds } from "./module-kinds.js";
import { rowKinds } from "./row-kinds.js";
import { run } from "./run-kind.js";
import { trainer } from "./trainer.js";
import type { CheckContext, Checked, CheckOptions, FileKind, Look } from "./types.js";
import { yamlKinds } from "./yaml-kinds.js";

const kinds: readonly FileKind[] = [...yamlKinds, ...rowKinds, ...moduleKinds, trainer, run];

/** The names of all kinds of files that can be checked. */
const fileKinds: readonly string[] = kinds.map(({ name }) => name);

/**
 * Reads a file of any kind as what uses it would, and says what stands in it. What kind it is follows from its form and fields,
 * unless `as` says so. Throws a UserError of all that is wrong, a line each, with the file's line where it has one.
 */
export async function checkFile(given: string, options: CheckOptions = {}): Promise<Checked> {
  const path = shippedIfNotHere(given);
  const context = { permissions: options.permissions ?? NOTHING, signal: options.signal };
  const kind = options.as === undefined ? await kindOf(path, context) : named(options.as);
  return { kind: kind.name, says: await kind.check(path, context) };
}

/** A path that is not here but ships with candor, such as `scenarios/dose.yaml`: where it ships. */
function shippedIfNotHere(path: string): string {
  if (existsSync(path) || !/^(?:data|personas|probes|scenarios|situations)[/\\]/u.test(path)) return path;
  const ours = packageFile(path);
  return liesIn(ours, [packageFile("")]) && existsSync(ours) ? shownPath(ours) : path;
}

function named(name: string): FileKind {
  const kind = kinds.find((one) => one.name === name);
  if (kind) return kind;
  throw new UserError(`--as ${name}: no such kind of file${didYouMean(name, fileKinds)}`);
}

async function kindOf(path: string, context: CheckContext): Promise<FileKind> {
  const look = lookAt(path);
  const ranked = kinds.map((kind) => ({ kind, likeness: kind.likeness(look) }));
  // The first of those that are alike: a suite that leads is meant before one that follows.
  const best = ranked.reduce((one, other) => (other.likeness > one.likeness ? other : one));
  if (best.likeness >= LEAST) return best.kind;
  if (look.form === "code") return await moduleKind(path, context);
  throw new UserError(`${path}: cannot tell what this is meant to be${fieldWords(look)}; say so with --as`);
}

/** Below it a file looks like nothing. */
const LEAST = 0.2;

function fieldWords({ value }: Look): string {
  const fields = fieldsOf(value);
  return fields.length === 0 ? "" : ` (its fields are ${fields.slice(0, 8).join(", ")})`;
}
