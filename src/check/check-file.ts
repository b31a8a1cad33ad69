import { existsSync } from "node:fs";
import { UserError } from "../errors.js";
import { packageFile } from "../package-root.js";
import { liesIn, NOTHING } from "../permissions/index.js";
import { shownPath } from "../shown-path.js";
import { didYouMean } from "../yaml/index.js";
import { fieldsOf, isTable, lookAt, separatedBy } from "./look.js";
import { moduleKind, moduleKinds } from "./module-kinds.js";
import { rowKinds } from "./row-kinds.js";
import { run } from "./run-kind.js";
import { trainer } from "./trainer.js";
import type { CheckContext, Checked, CheckOptions, FileKind, Look } from "./types.js";
import { scenario, yamlKinds } from "./yaml-kinds.js";

const kinds: readonly FileKind[] = [...yamlKinds, ...rowKinds, ...moduleKinds, trainer, run];

/** The names of all kinds of files that can be checked. */
const fileKinds: readonly string[] = kinds.map(({ name }) => name);

/**
 * Reads a file of any kind as what uses it would, and says what stands in it. What kind it is follows from its form and fields,
 * unless `as` says so. Throws a UserError of all that is wrong, a line each, with the file's line where it has one.
 */
export async function checkFile(given: string, options: CheckOptions = {}): Promise<Checked> {
  const path = shippedIfNotHere(given);
  const { permissions = NOTHING, tryModels = false, set = [], signal } = options;
  const context = { permissions, tryModels, set, signal };
  const kind = options.as === undefined ? await kindOf(path, context) : named(options.as);
  if (isTable(path) && [...yamlKinds].includes(kind))
    throw new UserError(
      `${path}: ${kind.is} is written in YAML, and this is a table; ${advice(lookAt(path))}`,
    );
  if (set.length > 0 && kind !== scenario)
    throw new UserError(
      `--set ${set[0]}: ${path} is ${kind.is}, and only a scenario has fields to set; check it without --set`,
    );
  const found = await kind.check(path, context);
  const { says, warnings = [], replies = [] } = typeof found === "string" ? { says: found } : found;
  return { kind: kind.name, says, warnings, replies };
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
  const all = kinds.map((one) => `  ${one.name}: ${one.is}`);
  const near = didYouMean(name, fileKinds).replace(/ \(known: .*\)$/u, "");
  throw new UserError(
    [
      `--as ${name}: no such kind of file${near}; without --as the kind is found out by looking; there are`,
      ...all,
    ].join("\n"),
  );
}

async function kindOf(path: string, context: CheckContext): Promise<FileKind> {
  const look = lookAt(path);
  const best = likest(look);
  if (best.likeness >= LEAST) return best.kind;
  if (look.form === "code") return await moduleKind(path, context);
  if (look.form === "folder")
    throw new UserError(
      `${path}: a folder, and neither a pack (it has no pack.yaml) nor a run (no run.json) nor probes that a suite can read; name its files, or say with --as what they are`,
    );
  throw new UserError(`${path}: cannot tell what this is meant to be${fieldWords(look)}; ${advice(look)}`);
}

/** The first of those that are alike: a suite that leads is meant before one that follows. */
function likest(look: Look): { kind: FileKind; likeness: number } {
  const ranked = kinds.map((kind) => ({ kind, likeness: kind.likeness(look) }));
  return ranked.reduce((one, other) => (other.likeness > one.likeness ? other : one));
}

/**
 * What a file is that was given for a scenario, and what takes it, in a sentence; null where it may well be a scenario, or
 * nothing that is known.
 */
export function notScenario(path: string): string | null {
  try {
    const look = lookAt(path);
    if (look.form === "code")
      return `${path}: this is a program or a module and not a scenario; candor check ${path} says whether it is one of candor's`;
    const best = likest(look);
    // Of a folder the files may be anything.
    if (look.form === "folder" && best.likeness < 1) return null;
    if (best.likeness < LEAST || scenario.likeness(look) >= SCENARIO_LIKE) return null;
    const { is, use } = best.kind;
    return best.kind === scenario
      ? null
      : `${path}: this looks like ${is} and not like a scenario; ${use}; candor check ${path} says whether it is right`;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** A file of which this share of the fields is a scenario's is meant for one, whatever its name says. */
const SCENARIO_LIKE = 0.5;

/** Below it a file looks like nothing. */
const LEAST = 0.2;

/** Fields that a message names: enough for a slip in one of a benchmark's to be seen. */
const MOST_FIELDS = 30;

function fieldWords({ path, value }: Look): string {
  const fields = fieldsOf(value);
  if (fields.length === 0) return "";
  const separators = separatedBy(path);
  const what = separators === null ? "fields" : `columns, separated by ${separators},`;
  const rest = fields.length - MOST_FIELDS;
  const more = rest > 0 ? ` … and ${rest} more` : "";
  return ` (its ${what} are ${fields.slice(0, MOST_FIELDS).join(", ")}${more})`;
}

/** Feedback comes as a table from anywhere, under any names; other kinds are written for candor. */
function advice({ path, form }: Look): string {
  if (!isTable(path)) return form === "rows" ? `say so with --as, e.g. --as logs` : "say so with --as";
  return "for feedback of real users name its columns in a scenario (source.columns) and check that, or say --as logs if they have usual names; for anything else say what with --as";
}
