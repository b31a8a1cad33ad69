import { z } from "zod";
import { behaviourSchema } from "../scenario/index.js";
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
