import { basename, extname, resolve } from "node:path";
import { UserError } from "../errors.js";
import type { Suite, SuiteSettings } from "../evaluation/index.js";
import { takenOptions } from "../module-options.js";
import { requireOnce } from "../once.js";
import type { Permissions } from "../permissions/index.js";
import { shownPath } from "../shown-path.js";

/** What decides which probes `candor eval` puts. */
export type ProbeOptions = {
  suite: string;
  file?: string;
  probes?: number;
  split: "tune" | "test" | "all";
  set?: string[];
  temperature: number;
  maxTokens?: number;
};

/** How a suite of somebody's own is named, as models and judges are. */
const MODULE = "module:";

/** The suites that are asked for, with their probes. Throws a UserError on one that does not exist, may not run or has no probes. */
export async function openSuites(
  model: string,
  options: ProbeOptions,
  permissions: Permissions,
): Promise<Suite[]> {
  const { suiteKinds, suiteNamed } = await import("../evaluation/index.js");
  const { hasShippedProbes, isShippedLanguage, languageOf, shippedProbes } = await import(
    "../resources/index.js"
  );
  const { longestReply } = await import("../models/index.js");
  const { file, probes, split, temperature, maxTokens = longestReply(model) } = options;
  const set = await settingsOf(options.set ?? []);
  const shipped = file !== undefined && isShippedLanguage(file) ? file : null;
  const language = shipped ?? (await languageOf(model, permissions));
  const names =
    options.suite === "all"
      ? suiteKinds.map(({ name }) => name).filter((name) => hasShippedProbes(name, language))
      : [...new Set(options.suite.split(","))];
  if (file !== undefined && !shipped && names.length > 1)
    throw new UserError("--file is the data of one suite; name that one with --suite");
  requireOnce(names.map((name) => ({ option: `--suite ${name}`, of: calledIn(name) })));
  const common = { probes, split, options: set, temperature, maxTokens };
  return await Promise.all(
    names.map(async (name) => {
      // A suite of a module may bring its probes itself.
      if (name.startsWith(MODULE)) {
        if (shipped)
          throw new UserError(`--file ${shipped}: no probes ship for ${name}; name a file of its own`);
        return await openModule(name, { ...common, file: file ?? [] }, permissions);
      }
      if (/\.[cm]?js$/u.test(name))
        throw new UserError(`--suite ${name}: a suite of your own is named ${MODULE}${name}`);
      const kind = suiteNamed(name);
      const data = file === undefined || shipped ? shippedProbes(name, language) : file;
      return kind.open({ ...common, file: data });
    }),
  );
}

/** What results are called: a suite's name, or that of its module's file. */
function calledIn(name: string): string {
  if (!name.startsWith(MODULE)) return name;
  const file = name.slice(MODULE.length);
  return basename(file, extname(file));
}

/** A suite of somebody's own. What its code throws is told with the line of its file. */
async function openModule(name: string, settings: SuiteSettings, permissions: Permissions): Promise<Suite> {
  const { suiteOfModule } = await import("../resources/index.js");
  const path = resolve(name.slice(MODULE.length));
  const where = shownPath(path);
  const { file, kind, schema } = await suiteOfModule(path, calledIn(name), permissions);
  const options = takenOptions({ file, schema, where }, settings.options);
  return kind.open({ ...settings, options });
}

/** `answer=free` as a field; values are read as YAML. */
async function settingsOf(given: readonly string[]): Promise<Record<string, unknown>> {
  const { parseYaml } = await import("../yaml/index.js");
  const settings = given.map((text) => {
    const [, name, value] = /^([\p{L}_][\p{L}\d_-]*)=(.*)$/su.exec(text) ?? [];
    if (name === undefined) throw new UserError(`--set: expected field=value, found "${text}"`);
    return { option: `--set ${text}`, of: name, value: parseYaml(value!, "--set").value };
  });
  requireOnce(settings);
  return Object.fromEntries(settings.map(({ of, value }) => [of, value]));
}
