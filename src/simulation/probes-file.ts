import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../errors.js";
import { packageFile } from "../package-root.js";
import { type Scenario, shownPath } from "../scenario/index.js";

/** Packs without probes of their own are in English. */
const FALLBACK = "english";

/**
 * The file of a suite's probes: the one the scenario names, relative to its own folder, or else the one in the language of
 * its situation pack, `probes/<pack>/<suite>.jsonl`, beside the scenario or shipped. Throws a UserError if there is none.
 */
export function probesFile(suite: string, scenario: Scenario, scenarioPath: string): string {
  const named = scenario.evaluation.suites[suite]?.file;
  const folder = dirname(scenarioPath);
  if (named !== undefined) {
    const path = resolve(folder, named);
    if (existsSync(path)) return shownPath(path);
    throw new UserError(
      `${shownPath(scenarioPath)} evaluation.suites.${suite}.file: no such file: ${shownPath(path)}`,
    );
  }
  const own = join(folder, "probes", scenario.situations, `${suite}.jsonl`);
  return existsSync(own) ? shownPath(own) : defaultProbes(suite, scenario.situations);
}

/** The shipped probes of a suite in a language. Throws a UserError if there are none. */
export function defaultProbes(suite: string, language: string): string {
  const paths = [language, FALLBACK].map((name) => packageFile(join("probes", name, `${suite}.jsonl`)));
  const found = paths.find((path) => existsSync(path));
  if (found) return shownPath(found);
  throw new UserError(`evaluation.suites.${suite}: no probes ship for it; name a data file as its \`file\``);
}
