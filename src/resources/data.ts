import { mistaken, UserError } from "../errors.js";
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
import { type Field, ofField, ofFieldNow, refusal } from "../scenario/index.js";
import { gather } from "./gather.js";
import { hashPath } from "./hash.js";
import { besideOrShipped } from "./named-file.js";
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
  const { variant } = settings;
  const read = async (field: string, value: string, file: string) => {
    const rows = take(await loadDataFile({ scenarioPath, field: ["source", field], value }, file));
    for (const row of rows) checkMethod(row, method);
    return { file, rows };
  };
  const value: SourceRows =
    settings.kind === "direct"
      ? { data: await read("data", settings.data, inVariant(settings.data, variant)), added: null }
      : {
          data: await read("data", settings.data, settings.data),
          added: await read("added", settings.added, inVariant(settings.added, variant)),
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
  const field = ["source", "data"];
  for (const [index, name] of [settings.data].flat().entries()) {
    const own = Array.isArray(settings.data) ? [...field, index] : field;
    await ofField({ scenarioPath, field: own, value: name }, async () => {
      const path = besideOrShipped(name, scenarioPath, ".");
      const records = await readRecords(path, name);
      // Of several a damaged export would go unnoticed.
      if (records.length === 0) throw mistaken({ file: name, what: "no rows" });
      files.push({ name, records });
      inputs[`logs ${name}`] = await hashPath(path);
    });
  }
  const read = () => atOwnField(scenarioPath, () => readLogs(files, settings));
  return { value: ofFieldNow({ scenarioPath, field }, read), inputs };
}

/** What a reading finds wrong with a field of the scenario itself, such as one of `source.columns`, is told there. */
function atOwnField<T>(scenarioPath: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const [mistake] = error instanceof UserError ? error.mistakes : [];
    const { file, field, what = "" } = mistake ?? {};
    if (!field?.startsWith("source.")) throw error;
    throw refusal({ scenarioPath, field: field.split(".") }, `${file}: ${what}`);
  }
}

/**
 * Reads the rows on which `training.kl` holds the model to the untrained one, or those that `training.interleave` imitates. Throws a UserError if the file is missing or malformed,
 * or has a row with two replies: there is no preference to learn from them.
 */
export async function loadNeutral(
  file: string,
  scenarioPath: string,
  field: Field["field"],
): Promise<Loaded<NeutralRows>> {
  const { value, inputs } = await loadDataFile({ scenarioPath, field, value: file }, file);
  const rows = value.map((row) => {
    if ("completion" in row) return row;
    throw new UserError(
      `${row.source.interaction}: expected a prompt with one reply; chosen and rejected are for learning preferences`,
    );
  });
  return { value: { file, rows }, inputs };
}

/** The rows of a data file that a field names, beside the scenario or else among the shipped files. */
async function loadDataFile(field: Field, name: string): Promise<Loaded<DataRow[]>> {
  return await ofField(field, async () => {
    const path = besideOrShipped(name, field.scenarioPath, ".");
    return { value: readDataFile(path, name), inputs: { [`data ${name}`]: await hashPath(path) } };
  });
}

function inVariant(name: string, variant: string | undefined): string {
  return variant === undefined ? name : `${name.replace(/\/+$/u, "")}/${variant}.jsonl`;
}
