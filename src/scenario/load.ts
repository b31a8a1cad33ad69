import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { InputError, UserError } from "../errors.js";
import { MOST } from "../limits.js";
import { listed } from "../listed.js";
import type { Mistake } from "../mistakes.js";
import { packageFile } from "../package-root.js";
import { NOTHING, type Permissions } from "../permissions/index.js";
import { shownPath } from "../shown-path.js";
import {
  check,
  dotted,
  nearNames,
  type Problem,
  problemsIn,
  readYaml,
  type YamlFile,
} from "../yaml/index.js";
import { applyOverrides, isWithin, type Setting } from "./overrides.js";
import type { Override } from "./profile.js";
import { type Origin, ruleProblems } from "./rules.js";
import { type Scenario, type ScenarioInput, scenarioSchema } from "./schema.js";
import { sweepProblems } from "./sweep-problems.js";

/** A scenario that was read, checked and resolved. */
export type LoadedScenario = {
  scenario: Scenario;
  /** The file it came from; personas and situation packs are looked up beside it first. */
  path: string;
  /** The file's text, comments and all. */
  source: string;
};

/**
 * Reads a scenario file. A path that does not exist here but ships with candor (`scenarios/default.yaml`) gives the
 * shipped one. Overrides are `dotted.path=value`, with values in YAML (`--set rounds=2`); `profile=name` sets the fields of
 * that profile of the file first. No field may be set twice, but for `instead`, which counts over all. `permissions` are what the user lets the file do; nothing if absent. Throws an InputError with every problem of the file:
 * `scenarios/x.yaml:14:5 population.personas.biasd: unknown persona …`.
 */
export function loadScenario(
  path: string,
  overrides: readonly string[] = [],
  permissions: Permissions = NOTHING,
  instead: readonly Setting[] = [],
): LoadedScenario {
  const found = existingFile(path);
  const file = readYaml(shownPath(found), MOST.bytes);
  const { value, applied } = applyOverrides(file, overrides, instead);
  const { data, problems } = allProblems(value, { scenarioPath: found, permissions });
  if (data === undefined || problems.length > 0) throw report(file, applied, problems);
  return { scenario: data, path: found, source: file.source };
}

/**
 * Checks a scenario that a program writes and fills in its defaults. Throws a UserError for all that is wrong with it. What it names is looked up beside `path`, a file that
 * need not be there.
 */
export function checkScenario(
  value: ScenarioInput,
  permissions: Permissions = NOTHING,
  path = "scenario.yaml",
): Pick<LoadedScenario, "scenario" | "path"> {
  const { data, problems } = allProblems(value, { scenarioPath: path, permissions });
  if (data !== undefined && problems.length === 0) return { scenario: data, path };
  const mistakes = problems.map((problem) => ({ field: dotted(problem.path), what: problem.message }));
  const once = new Map(mistakes.map((one) => [JSON.stringify(one), { file: "the scenario", ...one }]));
  throw new InputError([...once.values()]);
}

/** What is wrong with a value as a scenario, with the scenario that it is. */
function allProblems(value: unknown, origin: Origin): { data: Scenario | undefined; problems: Problem[] } {
  const { data, problems } = check(scenarioSchema, value);
  const all = [...problems, ...ruleProblems(value, origin)];
  return { data, problems: [...all, ...sweepProblems(value, origin, all)] };
}

function existingFile(path: string): string {
  if (existsSync(path)) return path;
  const shipped = packageFile(path);
  if (dirname(path) === "scenarios" && existsSync(shipped)) return shipped;
  const here = scenarioFiles(dirname(path)).map((name) => join(dirname(path), name));
  const further = [...scenarioFiles("scenarios"), ...scenarioFiles(packageFile("scenarios"))];
  const places = [...here, ...further.map((name) => `scenarios/${name}`)];
  const near = nearNames(nameOf(path), places.map(nameOf));
  const meant = [...new Set(places)].filter((place) => near.includes(nameOf(place))).slice(0, FEW);
  const hint =
    meant.length > 0
      ? `did you mean ${listed(meant, "or")}?`
      : here.length > 0 && here.length <= FEW
        ? `here ${here.length === 1 ? "is" : "are"} ${listed(here)}`
        : "`candor init` writes one to start from";
  throw new UserError(`${path}: no such file; ${hint}`);
}

/** Files that are told where one is missing. */
const FEW = 3;

const nameOf = (path: string): string => basename(path).replace(/\.ya?ml$/iu, "");

const scenarioFiles = (folder: string): string[] =>
  existsSync(folder) && statSync(folder).isDirectory()
    ? readdirSync(folder).filter((name) => /\.ya?ml$/iu.test(name))
    : [];

/** Problems that an override causes name the option; all others name file, line and column. */
function report(file: YamlFile, overrides: readonly Override[], problems: readonly Problem[]): InputError {
  const ofOptions: Mistake[] = [];
  const inFile: Problem[] = [];
  for (const problem of problems) {
    const field = dotted(problem.path);
    const cause = overrides.find(({ path }) => isWithin(field, path) || isWithin(path, field));
    if (cause === undefined) inFile.push(problem);
    else ofOptions.push({ what: `${cause.option}: ${field}: ${problem.message}` });
  }
  const once = [...new Map(ofOptions.map((one) => [one.what, one])).values()];
  const { mistakes, unshown } = problemsIn(file, inFile);
  return new InputError([...once, ...mistakes], unshown);
}
