import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../errors.js";
import {
  moduleSuite,
  placedInCode,
  type Suite,
  type SuiteKind,
  type SuiteSettings,
  suiteNamed,
} from "../evaluation/index.js";
import { describeModel, findNamed, type ModelSpec } from "../models/index.js";
import { faultOf, faultsNamed } from "../module-fault.js";
import { takenOptions } from "../module-options.js";
import { packageFile } from "../package-root.js";
import { importAll, type Permissions } from "../permissions/index.js";
import { type Field, modelField, ofField, ofFieldNow, type Scenario } from "../scenario/index.js";
import { shownPath } from "../shown-path.js";
import { readTextFile } from "../text-file.js";
import { hashModule, hashPath } from "./hash.js";
import { isShippedLanguage } from "./languages.js";
import { beside, besidePath } from "./named-file.js";
import type { Loaded } from "./types.js";

/** A suite as a scenario asks for it. */
export type SuiteRequest = {
  name: string;
  /** The module that it comes from, as the scenario names it; a shipped one if absent. */
  module?: string;
  /** The scenario's file, and the field that asks for it. */
  scenarioPath: string;
  field: Field["field"];
  /** What the scenario names as its probes, if it does. */
  named?: string | string[];
  settings: SuiteSettings;
};

/**
 * A suite with its probes. Throws a UserError on a suite or subset that does not exist, a module that may not run and probes that
 * cannot be read.
 */
export async function loadSuite(
  { name, module, scenarioPath, field, named, settings: given }: SuiteRequest,
  permissions: Permissions,
): Promise<Loaded<Suite>> {
  const own = ["evaluation", "suites", name];
  const open = async (kind: SuiteKind, settings: SuiteSettings): Promise<Loaded<Suite>> =>
    await ofField(probesField({ scenarioPath, suite: name, field, named }), async () => ({
      value: kind.open(settings),
      inputs: await probeInputs(name, settings.file),
    }));
  if (module === undefined)
    return await open(await ofField({ scenarioPath, field }, () => suiteNamed(name)), given);
  const { file, kind, schema } = await ofField(
    { scenarioPath, field: [...own, "module"], value: module },
    async () => await suiteOfModule(resolve(dirname(scenarioPath), module), name, permissions),
  );
  const options = ofFieldNow({ scenarioPath, field: own }, () =>
    takenOptions({ file, schema, where: shownPath(file) }, given.options),
  );
  const { value: suite, inputs } = await open(kind, { ...given, options });
  const value = placedInCode(suite, shownPath(file), readTextFile(file));
  return { value, inputs: { ...inputs, [`module of ${name}`]: await hashModule(file) } };
}

/**
 * The suite that a module's file exports, under a name, and what the module says of its options. Throws a UserError where it may not
 * run or exports none.
 */
export async function suiteOfModule(
  file: string,
  name: string,
  permissions: Permissions,
): Promise<{ file: string; kind: SuiteKind; schema: unknown }> {
  const { default: exported, options: schema } = await importAll(file, permissions);
  return { file, kind: faultsNamedOf(moduleSuite(exported, name, shownPath(file)), file), schema };
}

/** A suite of a module, whose errors are told with its name and the line. */
function faultsNamedOf(kind: SuiteKind, path: string): SuiteKind {
  const part = (name: string) => ({ path, part: `suite ${kind.name}: ${name}()` });
  return {
    ...kind,
    open: (settings) => {
      let suite: Suite;
      try {
        suite = kind.open(settings);
      } catch (error) {
        throw faultOf(part("open"), error);
      }
      return { ...suite, run: faultsNamed(part("run"), suite.run) };
    },
  };
}

/** Where a suite's probes are named; where it is asked for if they are not. */
function probesField({
  scenarioPath,
  suite,
  field,
  named,
}: { suite: string } & Pick<SuiteRequest, "scenarioPath" | "field" | "named">): Field {
  return named === undefined
    ? { scenarioPath, field }
    : {
        scenarioPath,
        field: ["evaluation", "suites", suite, "file"],
        value: named,
        files: Array.isArray(named) ? named.map((file) => besidePath(file, scenarioPath)) : undefined,
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
  {
    scenarioPath,
    field,
    permissions,
  }: {
    scenarioPath: string;
    field: Field["field"];
    permissions: Permissions;
  },
): Promise<string | string[]> {
  const settings = scenario.evaluation.suites[suite];
  const folder = dirname(scenarioPath);
  const named = settings?.file;
  const at = probesField({ scenarioPath, suite, field, named });
  if (Array.isArray(named))
    return named.map((file, index) =>
      ofFieldNow({ scenarioPath, field: [...at.field, index], value: file }, () =>
        beside(file, scenarioPath),
      ),
    );
  if (named !== undefined)
    return ofFieldNow(at, () =>
      isShippedLanguage(named) ? shippedProbes(suite, named) : beside(named, scenarioPath),
    );
  const own = ownProbes(join(folder, "probes", scenario.situations, suite));
  if (own) return own;
  // A suite of a module may bring its probes itself.
  if (settings?.module !== undefined) return [];
  const { assistant } = scenario.models;
  const language = await ofField(modelField(scenarioPath, "assistant", assistant), () =>
    languageOf(assistant, permissions),
  );
  return ofFieldNow(at, () => shippedProbes(suite, language));
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
  throw new UserError(`no probes ship for suite ${suite}; name a data file as its \`file\``);
}
