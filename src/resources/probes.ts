import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../errors.js";
import { findSuite, type Suite, type SuiteSettings } from "../evaluation/index.js";
import { packageFile } from "../package-root.js";
import { type Scenario, shownPath } from "../scenario/index.js";
import { hashPath } from "./hash.js";
import type { Loaded } from "./types.js";

/** A suite as a scenario asks for it. */
export type SuiteRequest = {
  name: string;
  /** File of the module that it comes from; a shipped one if absent. */
  module?: string;
  settings: SuiteSettings;
};

/**
 * A suite with its probes. `where` is the field that asks for it, in messages. Throws a UserError on a suite or subset that does
 * not exist, a module that may not run and probes that cannot be read.
 */
export async function loadSuite(
  { name, module, settings }: SuiteRequest,
  where: string,
): Promise<Loaded<Suite>> {
  const kind = await findSuite(name, module, where);
  return {
    value: kind.open(settings),
    inputs: {
      [`probes of ${name}`]: await hashPath(settings.file),
      ...(module === undefined ? {} : { [`module of ${name}`]: await hashPath(module) }),
    },
  };
}

/** Languages that probes ship in; scenarios name them in place of a file. */
const LANGUAGES = ["minnow", "english"];

/**
 * The file of a suite's probes. What the scenario names: `minnow` or `english` for the probes shipped in that language, or a
 * file, relative to the scenario's folder. If it names none: `probes/<situation pack>/<suite>.jsonl` beside the scenario, or
 * else the shipped ones in the assistant's language. Throws a UserError if there is none.
 */
export function probesFile(suite: string, scenario: Scenario, scenarioPath: string): string {
  const named = scenario.evaluation.suites[suite]?.file;
  const folder = dirname(scenarioPath);
  if (named !== undefined) {
    if (LANGUAGES.includes(named)) return shippedProbes(suite, named);
    const path = resolve(folder, named);
    if (existsSync(path)) return shownPath(path);
    throw new UserError(
      `${shownPath(scenarioPath)} evaluation.suites.${suite}.file: no such file: ${shownPath(path)}`,
    );
  }
  const own = join(folder, "probes", scenario.situations, `${suite}.jsonl`);
  if (existsSync(own)) return shownPath(own);
  const { assistant } = scenario.models;
  return shippedProbes(suite, languageOf(typeof assistant === "string" ? assistant : assistant.model));
}

/** The language that a model is asked in: minnow knows its own alone, any other model English. */
export function languageOf(model: string): string {
  return /^minnow(?::|$)/u.test(model) ? "minnow" : "english";
}

/** The shipped probes of a suite in a language. Throws a UserError if there are none. */
export function shippedProbes(suite: string, language: string): string {
  const path = packageFile(join("probes", language, `${suite}.jsonl`));
  if (existsSync(path)) return shownPath(path);
  throw new UserError(`evaluation.suites.${suite}: no probes ship for it; name a data file as its \`file\``);
}
