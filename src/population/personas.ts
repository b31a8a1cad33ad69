import { z } from "zod";
import { UserError } from "../errors.js";
import { behaviourSchema, personaFile, personaNames, shownPath } from "../scenario/index.js";
import { didYouMean, readChecked } from "../yaml/index.js";
import type { Behaviour, Persona } from "./types.js";

const text = z.string().trim().min(1);

/** A file `personas/<name>.yaml`. */
export const personaSchema = z.strictObject({
  name: text.describe("The file's name without .yaml."),
  description: text.describe("For people."),
  thought: z.enum(["benign", "biased"]).describe("Which of a situation's two thoughts it holds."),
  style: text.describe("How it talks; put into the user prompt of packs that use it."),
  rating: text.describe("How it rates; put into the rater prompt of packs that use it."),
  behaviour: behaviourSchema
    .optional()
    .describe("How it talks and rates, in numbers: for what no prompt should have to bring about."),
}) satisfies z.ZodType<Persona>;

/**
 * Loads personas by name, from `personas/` beside the scenario or else among the shipped ones. Throws a UserError with
 * every problem of every file.
 */
export function loadPersonas(names: readonly string[], scenarioPath: string): Record<string, Persona> {
  const complaints: string[] = [];
  const personas: Record<string, Persona> = {};
  for (const name of names) {
    try {
      personas[name] = loadPersona(name, scenarioPath);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      complaints.push(error.message);
    }
  }
  if (complaints.length > 0) throw new UserError(complaints.join("\n"));
  return personas;
}

/** The personas with a scenario's own numbers, field by field over those of their files. */
export function withBehaviour(
  personas: Readonly<Record<string, Persona>>,
  behaviour: Readonly<Record<string, Behaviour>>,
): Record<string, Persona> {
  return Object.fromEntries(
    Object.entries(personas).map(([name, persona]) => {
      const own = behaviour[name];
      return [name, own ? { ...persona, behaviour: { ...persona.behaviour, ...own } } : persona];
    }),
  );
}

function loadPersona(name: string, scenarioPath: string): Persona {
  const file = personaFile(name, scenarioPath);
  if (file === null)
    throw new UserError(`unknown persona "${name}"${didYouMean(name, personaNames(scenarioPath))}`);
  const path = shownPath(file);
  const persona = readChecked(personaSchema, path);
  if (persona.name !== name) {
    throw new UserError(`${path} name: expected the file's name ${name}, found ${persona.name}`);
  }
  return persona;
}
