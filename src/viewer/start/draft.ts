import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { InputError, UserError } from "../../errors.js";
import { suiteKinds } from "../../evaluation/index.js";
import type { Permissions } from "../../permissions/index.js";
import { loadPersonas } from "../../resources/index.js";
import {
  expandSweep,
  jsonSchema,
  loadScenario,
  packNames,
  personaNames,
  type Scenario,
} from "../../scenario/index.js";
import type { Draft, DraftRequest, FormFacts } from "../api.js";

/** Where scenarios that were written in the page are kept; personas and packs beside them come first. */
export function scenarioFolder(folder: string): string {
  return join(folder, "scenarios");
}

/** What a form needs to know of scenarios: the schema, and what may be named. */
export async function formFacts(folder: string): Promise<FormFacts> {
  const beside = join(scenarioFolder(folder), "scenario.yaml");
  const names = personaNames(beside);
  const personas = (await loadPersonas(names, beside)).value;
  return {
    schema: jsonSchema(),
    personas: names.map((name) => {
      const { description, thought } = personas[name]!;
      return { name, description, thought };
    }),
    packs: packNames(beside),
    suites: suiteKinds.map(({ name }) => name),
  };
}

/** Writes fields as YAML where they are given, and says what is wrong with it, as `candor run` would. */
export function checkDraft(folder: string, request: DraftRequest, permissions: Permissions): Draft {
  const yaml = "yaml" in request ? request.yaml : stringify(request.fields);
  try {
    return { yaml, problems: [], cells: expandSweep(readDraft(folder, yaml, permissions)).length };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { yaml, problems: [...error.lines], cells: 0 };
  }
}

/** The scenario that a text describes. Throws a UserError that calls the text `scenario.yaml`. */
export function readDraft(folder: string, yaml: string, permissions: Permissions): Scenario {
  const home = scenarioFolder(folder);
  const name = `.draft-${randomUUID()}.yaml`;
  const path = join(home, name);
  mkdirSync(home, { recursive: true });
  try {
    writeFileSync(path, yaml);
    return loadScenario(path, [], permissions).scenario;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const called = (words: string): string =>
      words.replaceAll(new RegExp(`\\S*${name}`, "gu"), "scenario.yaml");
    throw new InputError(
      error.mistakes.map(({ file, what, ...rest }) => ({
        ...rest,
        ...(file === undefined ? {} : { file: called(file) }),
        what: called(what),
      })),
      error.unshown.map(({ file, count }) => ({ file: called(file), count })),
    );
  } finally {
    rmSync(path, { force: true });
  }
}
