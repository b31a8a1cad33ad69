import { dirname, resolve } from "node:path";
import { UserError } from "../errors.js";
import type { MethodName } from "../methods/index.js";
import {
  checkMethod,
  type DataRow,
  type LogSettings,
  type Logs,
  readDataFile,
  readLogs,
  readRecords,
  type SourceRows,
  type SourceSettings,
} from "../preference/index.js";
import { namedFile } from "../scenario/index.js";
import { shownPath } from "../shown-path.js";
import { gather } from "./gather.js";
import { hashPath } from "./hash.js";
import type { Loaded } from "./types.js";

/** Rows on which the model is to stay as it was. */
export type NeutralRows = { file: string; rows: readonly Extract<DataRow, { completion: unknown }>[] };

/**
 * Reads what a scenario names under `source`. Throws a UserError if a file is missing or malformed, or its rows are none
 * that the method can learn from.
 */
export async function loadSource(
  settings: SourceSettings,
  { scenarioPath, method }: { scenarioPath: string; method: MethodName },
): Promise<Loaded<SourceRows>> {
  const { take, inputs } = gather();
  const read = async (field: string, file: string) => {
    const rows = take(await loadDataFile(`source.${field}`, file, scenarioPath));
    for (const row of rows) checkMethod(row, method);
    return { file, rows };
  };
  const value: SourceRows =
    settings.kind === "direct"
      ? { data: await read("data", inVariant(settings.data, settings.variant)), added: null }
      : {
          data: await read("data", settings.data),
          added: await read("added", inVariant(settings.added, settings.variant)),
        };
  return { value, inputs: inputs() };
}

/**
 * Reads the exports that a scenario names under `source`. Throws a UserError if a file is missing or malformed, or has no reply
 * that somebody marked.
 */
export async function loadLogs(settings: LogSettings, scenarioPath: string): Promise<Loaded<Logs>> {
  const inputs: Record<string, string> = {};
  const files: { name: string; records: Awaited<ReturnType<typeof readRecords>> }[] = [];
  for (const name of [settings.data].flat()) {
    const path = pathOf("source.data", name, scenarioPath);
    inputs[`logs ${name}`] = await hashPath(path);
    files.push({ name, records: await readRecords(path, name) });
  }
  return { value: readLogs(files, settings), inputs };
}

/**
 * Reads the rows on which `training.kl` holds the model to the untrained one, or those that `training.interleave` imitates. Throws a UserError if the file is missing or malformed,
 * or has a row with two replies: there is no preference to learn from them.
 */
export async function loadNeutral(
  file: string,
  scenarioPath: string,
  field: string,
): Promise<Loaded<NeutralRows>> {
  const { value, inputs } = await loadDataFile(field, file, scenarioPath);
  const rows = value.map((row) => {
    if ("completion" in row) return row;
    throw new UserError(
      `${row.source.interaction}: expected a prompt with one reply; chosen and rejected are for learning preferences`,
    );
  });
  return { value: { file, rows }, inputs };
}

/** The rows of one data file, beside the scenario or else among the shipped files. */
async function loadDataFile(field: string, name: string, scenarioPath: string): Promise<Loaded<DataRow[]>> {
  const path = pathOf(field, name, scenarioPath);
  return { value: readDataFile(path, name), inputs: { [`data ${name}`]: await hashPath(path) } };
}

function pathOf(field: string, name: string, scenarioPath: string): string {
  const path = namedFile(name, scenarioPath, ".");
  if (path !== null) return path;
  const expected = shownPath(resolve(dirname(scenarioPath), name));
  throw new UserError(`${shownPath(scenarioPath)} ${field}: no such file: ${expected}`);
}

function inVariant(name: string, variant: string | undefined): string {
  return variant === undefined ? name : `${name.replace(/\/+$/u, "")}/${variant}.jsonl`;
}
