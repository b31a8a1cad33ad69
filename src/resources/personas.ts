import { basename } from "node:path";
import { trials } from "../complaints.js";
import { UserError } from "../errors.js";
import { type Persona, personaSchema } from "../population/index.js";
import { personaFile, personaNames, refusal } from "../scenario/index.js";
import { shownPath } from "../shown-path.js";
import { didYouMean, readChecked } from "../yaml/index.js";
import { foldInputs } from "./gather.js";
import { hashPath } from "./hash.js";
import type { Loaded } from "./types.js";

/**
 * Loads personas by name, from `personas/` beside the scenario or else among the shipped ones. Throws a UserError with
 * every problem of every file.
 */
export async function loadPersonas(
  names: readonly string[],
  scenarioPath: string,
): Promise<Loaded<Record<string, Persona>>> {
  const wrong = trials();
  const loaded: Loaded<Persona>[] = [];
  for (const name of names)
    await wrong.attempt(async () => {
      loaded.push(await loadPersona(name, scenarioPath));
    });
  wrong.end();
  return {
    value: Object.fromEntries(loaded.map(({ value }) => [value.name, value])),
    inputs: foldInputs(...loaded),
  };
}

async function loadPersona(name: string, scenarioPath: string): Promise<Loaded<Persona>> {
  const file = personaFile(name, scenarioPath);
  if (file === null)
    throw new UserError(`unknown persona "${name}"${didYouMean(name, personaNames(scenarioPath))}`);
  return { value: readPersona(file), inputs: { [`persona ${name}`]: await hashPath(file) } };
}

/** The persona in a file, by its path. Throws a UserError with every problem. */
export function readPersona(file: string): Persona {
  const path = shownPath(file);
  const persona = readChecked(personaSchema, path);
  const name = basename(path).replace(/\.ya?ml$/u, "");
  if (persona.name !== name)
    throw refusal(
      { scenarioPath: path, field: ["name"] },
      `expected the file's name ${name}, found ${persona.name}`,
    );
  return persona;
}
