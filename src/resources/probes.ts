import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { surrounded, UserError } from "../errors.js";
import { moduleSuite, type Suite, type SuiteSettings, suiteNamed } from "../evaluation/index.js";
import { describeModel, findNamed, type ModelSpec } from "../models/index.js";
import { takenOptions } from "../module-options.js";
import { packageFile } from "../package-root.js";
import { importAll, type Permissions } from "../permissions/index.js";
import type { Scenario } from "../scenario/index.js";
import { shownPath } from "../shown-path.js";
import { hashPath } from "./hash.js";
import { isShippedLanguage } from "./languages.js";
import { withOptionsPlaced } from "./place.js";
import type { Loaded } from "./types.js";

/** A suite as a scenario asks for it. */
export type SuiteRequest = {
  name: string;
  /** File of the module that it comes from, and the scenario's that names it; a shipped one if absent. */
  module?: string;
  scenarioPath?: string;
  settings: SuiteSettings;
};

/**
 * A suite with its probes. `where` is the field that asks for it, in messages. Throws a UserError on a suite or subset that does
 * not exist, a module that may not run and probes that cannot be read.
 */
export async function loadSuite(
  { name, module, scenarioPath, settings: given }: SuiteRequest,
  where: string,
  permissions: Permissions,
): Promise<Loaded<Suite>> {
  const probes = await probeInputs(name, given.file);
  if (module === undefined) return { value: suiteNamed(name, `${where}: `).open(given), inputs: probes };
  const { default: exported, options: schema } = await importAll(module, where, permissions);
  const kind = moduleSuite(exported, name, `${where}: ${module}`);
  const settings = { ...given };
  if (scenarioPath !== undefined) {
    const field = ["evaluation", "suites", name];
    settings.options = await withOptionsPlaced({ scenarioPath, field }, () =>
      takenOptions({ file: module, schema, where: `${where}.${name}` }, given.options),
    );
  }
  return {
    value: kind.open(settings),
    inputs: { ...probes, [`module of ${name}`]: await hashPath(module) },
  };
}

/** A file or folder under one name, several each under its own. */
async function probeInputs(name: string, file: SuiteSettings["file"]): Promise<Record<string, string>> {
  const entries = [file].flat().map(async (one, index, { length }) => {
    const key = length === 1 ? `probes of ${name}` : `probes of ${name} ${index + 1}`;
    return [key, await hashPath(one)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/**
 * The file of a suite's probes. What the scenario names: `minnow` or `english` for the probes shipped in that language, or a
 * file, a folder or a list of them, relative to the scenario's folder. If it names none: `probes/<situation pack>/<suite>`
 * beside the scenario, a folder or a `.jsonl` file, or else the shipped ones in the assistant's language. Throws a UserError if
 * there is none.
 */
export async function probesFile(
  suite: string,
  scenario: Scenario,
  { scenarioPath, permissions }: { scenarioPath: string; permissions: Permissions },
): Promise<string | string[]> {
  const settings = scenario.evaluation.suites[suite];
  const folder = dirname(scenarioPath);
  const named = settings?.file;
  if (Array.isArray(named)) return named.map((file) => namedFile(file, suite, scenarioPath));
  if (named !== undefined)
    return isShippedLanguage(named) ? shippedProbes(suite, named) : namedFile(named, suite, scenarioPath);
  const own = ownProbes(join(folder, "probes", scenario.situations, suite));
  if (own) return own;
  // A suite of a module may bring its probes itself.
  if (settings?.module !== undefined) return [];
  return shippedProbes(suite, await spoken(scenario.models.assistant));

  async function spoken(assistant: ModelSpec): Promise<string> {
    try {
      return await languageOf(assistant, permissions);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw surrounded(error, `${shownPath(scenarioPath)} models.assistant: `);
    }
  }
}

function namedFile(file: string, suite: string, scenarioPath: string): string {
  const path = resolve(dirname(scenarioPath), file);
  if (existsSync(path)) return shownPath(path);
  throw new UserError(
    `${shownPath(scenarioPath)} evaluation.suites.${suite}.file: no such file: ${shownPath(path)}`,
  );
}

/** A folder of probe files, or one file. */
function ownProbes(path: string): string | null {
  const found = [path, `${path}.jsonl`].find((one) => existsSync(one));
  return found === undefined ? null : shownPath(found);
}

/** The language that a model is asked in: what its provider says, or English where nobody provides it. */
export async function languageOf(model: ModelSpec, permissions: Permissions): Promise<string> {
  return findNamed(model) ? (await describeModel(model, permissions)).language : "english";
}

/** Whether probes of a suite ship in a language. */
export function hasShippedProbes(suite: string, language: string): boolean {
  return ownProbes(packageFile(join("probes", language, suite))) !== null;
}

/** The shipped probes of a suite in a language: a folder of files, or one. Throws a UserError if there are none. */
export function shippedProbes(suite: string, language: string): string {
  const found = ownProbes(packageFile(join("probes", language, suite)));
  if (found) return found;
  throw new UserError(`evaluation.suites.${suite}: no probes ship for it; name a data file as its \`file\``);
}
