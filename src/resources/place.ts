import { isDeepStrictEqual } from "node:util";
import { InputError } from "../errors.js";
import { OptionsRefused } from "../module-options.js";
import type { DefenceSettings } from "../scenario/index.js";
import { shownPath } from "../shown-path.js";
import { dotted, partAt, readYaml, type YamlFile } from "../yaml/index.js";

type Path = readonly (string | number)[];

const LIST = ["preference", "defences"];

/**
 * Where a stage of a scenario is written, for messages: `scenarios/x.yaml:14:5 preference.defences[0].parts`. A case of a sweep
 * may have brought it; what stands nowhere in the file (an option on the command line set it) has no line.
 */
export function stagePlace(
  scenarioPath: string,
  stages: readonly DefenceSettings[],
  { index, field }: { index: number; field?: string },
): string {
  const own: Path = [...LIST, index, ...(field === undefined ? [] : [field])];
  const shown = shownPath(scenarioPath);
  const file = readable(shown);
  const list = file && listsIn(file).find(({ value }) => isSame(value, stages));
  if (!list) return `${shown} ${dotted(own)}`;
  const { line, col } = file.where([...list.path, ...own.slice(LIST.length)], "value");
  return `${shown}:${line}:${col} ${dotted(own)}`;
}

/** Gives what `act` gives; options that a module refuses are told with their line and field, of which `field` holds them. */
export async function withOptionsPlaced<T>(
  { scenarioPath, field }: { scenarioPath: string; field: Path },
  act: () => T | Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof OptionsRefused)) throw error;
    const file = shownPath(scenarioPath);
    const yaml = readable(file);
    throw new InputError(
      error.refused.map(({ path, message, at }) => {
        const own = [...field, "options", ...path];
        const written = yaml && writtenAt(yaml, own);
        const place = written ? yaml.where(written, at) : null;
        return {
          file,
          ...(place ? { line: place.line, column: place.col } : {}),
          field: dotted(own),
          what: message,
        };
      }),
    );
  }
}

/** Where a field stands in the file, by itself or in a case of the sweep, whose fields have dotted names; null where it stands nowhere. */
function writtenAt({ value }: YamlFile, path: Path): Path | null {
  const cases = partAt(value, ["sweep", "cases"]);
  const written = Object.entries((cases ?? {}) as object).flatMap(([name, fields]) =>
    Object.keys((fields ?? {}) as object).map((field): { place: Path; field: Path } => ({
      place: ["sweep", "cases", name, field],
      field: field.split("."),
    })),
  );
  const places = [
    path,
    ...written
      .filter(({ field }) => isDeepStrictEqual(field, path.slice(0, field.length)))
      .map(({ place, field }) => [...place, ...path.slice(field.length)]),
  ];
  // Of a mapping that lacks a field the mapping itself is shown.
  const whole = places.find((place) => partAt(value, place) !== undefined);
  return whole ?? places.find((place) => partAt(value, place.slice(0, -1)) !== undefined) ?? null;
}

function readable(path: string): YamlFile | null {
  try {
    return readYaml(path);
  } catch {
    // A scenario need not come from a file.
    return null;
  }
}

/** The lists of stages that a file has: the scenario's own, and those of its cases. */
function listsIn({ value }: YamlFile): { path: Path; value: unknown }[] {
  const cases = partAt(value, ["sweep", "cases"]);
  const names = typeof cases === "object" && cases !== null ? Object.keys(cases) : [];
  return [LIST, ...names.map((name) => ["sweep", "cases", name, LIST.join(".")])].map((path) => ({
    path,
    value: partAt(value, path),
  }));
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
