import { isDeepStrictEqual } from "node:util";
import { type DefenceSettings, shownPath } from "../scenario/index.js";
import { dotted, readYaml, type YamlFile } from "../yaml/index.js";

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
  const at = (path: Path): unknown =>
    path.reduce<unknown>(
      (parent, step) => (parent as Record<string | number, unknown> | undefined)?.[step],
      value,
    );
  const cases = at(["sweep", "cases"]);
  const names = typeof cases === "object" && cases !== null ? Object.keys(cases) : [];
  return [LIST, ...names.map((name) => ["sweep", "cases", name, LIST.join(".")])].map((path) => ({
    path,
    value: at(path),
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
