import { isDeepStrictEqual } from "node:util";
import { InputError, mistaken, retold, UserError } from "../errors.js";
import { type Mistake, mistakeInWords } from "../mistakes.js";
import type { ModelSpec } from "../models/providers/index.js";
import { OptionsRefused } from "../module-options.js";
import { shownPath } from "../shown-path.js";
import { dotted, partAt, readYaml, type YamlFile } from "../yaml/index.js";
import type { DefenceSettings } from "./schema.js";

type Path = readonly (string | number)[];

/** A field of a scenario. */
export type Field = {
  /** The scenario's file. */
  scenarioPath: string;
  field: Path;
  /** What the field holds: an option, a profile or a case of the sweep may have set it instead of the field's own place. */
  value?: unknown;
  /** Whether its name is to blame; its value if absent. */
  at?: "key" | "value";
  /** The field that has the options of what it names; itself if absent. */
  options?: Path;
  /** Of a field that lists files, what messages call each. */
  files?: readonly string[];
};

const LIST = ["preference", "defences"];

/** What is wrong with a field, and where it is written; what stands nowhere in the file (`--set` gave it) has no line. */
export function fieldMistake({ scenarioPath, field, value, at = "value" }: Field, what: string): Mistake {
  const file = shownPath(scenarioPath);
  const yaml = readable(file);
  const written = yaml && writtenAt(yaml, field, value);
  return { file, ...(written ? placeIn(yaml, written, at) : {}), field: dotted(field), what };
}

/** Where a scenario names the model of a role. */
export const modelField = (scenarioPath: string, role: string, spec: ModelSpec): Field =>
  typeof spec === "string"
    ? { scenarioPath, field: ["models", role], value: spec }
    : {
        scenarioPath,
        field: ["models", role, "model"],
        value: spec.model,
        options: ["models", role],
      };

/** Where what a stage is made from is named: a module's file, or a judge. */
export function stageField(scenarioPath: string, index: number, stage: DefenceSettings): Field {
  const name = (["path", "judge"] as const).find((one) => one in stage);
  const own = [...LIST, index];
  return name === undefined
    ? { scenarioPath, field: own }
    : { scenarioPath, field: [...own, name], value: (stage as Readonly<Record<string, unknown>>)[name] };
}

/** What is wrong with a field, and where it is written, to be thrown. */
export const refusal = (field: Field, what: string): InputError => mistaken(fieldMistake(field, what));

/**
 * Gives what `act` gives. What is wrong with a file as a whole that a field names (it is missing, a folder, of another kind), or with the
 * options that a module gets there, is told at the field; what is wrong at a place within a file, at that place.
 */
export async function ofField<T>(field: Field, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw toldAt(field, error);
  }
}

/** `ofField` for what gives its result at once. */
export function ofFieldNow<T>(field: Field, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw toldAt(field, error);
  }
}

function toldAt(field: Field, error: unknown): unknown {
  if (error instanceof OptionsRefused)
    return new InputError(
      error.refused.map(({ path, message, at }) =>
        fieldMistake(
          {
            scenarioPath: field.scenarioPath,
            field: [...(field.options ?? field.field), "options", ...path],
            at,
          },
          message,
        ),
      ),
    );
  if (!(error instanceof UserError)) return error;
  const ours = shownPath(field.scenarioPath);
  return retold(error, (mistake) =>
    mistake.file === ours || mistake.line !== undefined || mistake.row !== undefined
      ? mistake
      : fieldMistake(itemOf(field, mistake), mistakeInWords(mistake)),
  );
}

/** The item of a list of files that a mistake is of; the list itself where nobody can tell. */
function itemOf(field: Field, { file }: Mistake): Field {
  const index = file === undefined ? -1 : (field.files ?? []).indexOf(file);
  const [value] = Array.isArray(field.value) ? field.value.slice(index) : [];
  return index < 0 ? field : { ...field, field: [...field.field, index], value };
}

/**
 * What is wrong with a stage of a scenario, and where that is written. Stages are found by all that they say, so that those of a case of
 * the sweep are told there.
 */
export function stageMistake(
  scenarioPath: string,
  stages: readonly DefenceSettings[],
  { index, field, message }: { index: number; field?: string; message: string },
): Mistake {
  const own: Path = [...LIST, index, ...(field === undefined ? [] : [field])];
  const file = shownPath(scenarioPath);
  const yaml = readable(file);
  const list = yaml && listsIn(yaml).find(({ value }) => isSame(value, stages));
  const written = list && [...list.path, ...own.slice(LIST.length)];
  return { file, ...(written ? placeIn(yaml, written, "value") : {}), field: dotted(own), what: message };
}

function placeIn(yaml: YamlFile, path: Path, at: "key" | "value"): { line: number; column: number } {
  const { line, col } = yaml.where(path, at);
  return { line, column: col };
}

/**
 * Where a field stands in the file: by itself, in a profile, in a case or among the values of an axis of the sweep. Of several the one
 * that holds `value`, if that is given. Null where it stands nowhere.
 */
function writtenAt(yaml: YamlFile, field: Path, value: unknown): Path | null {
  const places = [field, ...setIn(yaml).flatMap(({ path, sets }) => within(field, sets, path))];
  if (value !== undefined)
    return places.find((place) => isDeepStrictEqual(partAt(yaml.value, place), value)) ?? null;
  // Of a mapping that lacks a field the mapping itself is shown.
  const whole = places.find((place) => partAt(yaml.value, place) !== undefined);
  return whole ?? places.find((place) => partAt(yaml.value, place.slice(0, -1)) !== undefined) ?? null;
}

/** A field's place under another that sets it whole or with all around it; nothing where that sets another field. */
const within = (field: Path, sets: readonly string[], path: Path): Path[] =>
  sets.every((step, at) => step === String(field[at])) ? [[...path, ...field.slice(sets.length)]] : [];

/** What sets fields by their dotted names: cases of the sweep, its axes, and profiles. */
function setIn({ value }: YamlFile): { path: Path; sets: readonly string[] }[] {
  const under = (path: Path) => namesIn(partAt(value, path)).map((name) => [...path, name]);
  const named = [...under(["sweep", "cases"]), ...under(["profiles"])].flatMap(under);
  const listed = under(["sweep", "vary"]).flatMap((path) =>
    namesIn(partAt(value, path)).map((index) => ({ path: [...path, Number(index)], name: path.at(-1)! })),
  );
  return [...named.map((path) => ({ path, name: path.at(-1)! })), ...listed].map(({ path, name }) => ({
    path,
    sets: String(name).split("."),
  }));
}

const namesIn = (value: unknown): string[] =>
  typeof value === "object" && value !== null ? Object.keys(value) : [];

function readable(path: string): YamlFile | null {
  try {
    return readYaml(path);
  } catch {
    // A scenario need not come from a file.
    return null;
  }
}

/** The lists of stages that a file has: the scenario's own, and those that something else sets. */
function listsIn(yaml: YamlFile): { path: Path; value: unknown }[] {
  const paths = [LIST, ...setIn(yaml).flatMap(({ path, sets }) => within(LIST, sets, path))];
  return paths.map((path) => ({ path, value: partAt(yaml.value, path) }));
}

/** As written, a list lacks the defaults that it has as read. */
function isSame(written: unknown, read: readonly DefenceSettings[]): boolean {
  if (!Array.isArray(written) || written.length !== read.length) return false;
  return read.every((stage, index) => {
    const one = written[index] as unknown;
    if (typeof one !== "object" || one === null) return false;
    return Object.entries(one).every(([name, value]) =>
      isDeepStrictEqual((stage as Readonly<Record<string, unknown>>)[name], value),
    );
  });
}
