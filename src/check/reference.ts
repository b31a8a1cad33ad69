import { z } from "zod";
import { pricesSchema } from "../models/index.js";
import { personaSchema } from "../population/index.js";
import { jsonSchema } from "../scenario/index.js";
import { packSchema, promptsFileSchema, situationSchema } from "../situation/index.js";
import { fieldTables, type JsonSchema } from "./field-tables.js";

const schemaOf = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: "input" }) as JsonSchema;

/** Schemas of the YAML files that people write, by their kind, as JSON Schema for editors. */
export const fileSchemas: Readonly<Record<string, () => JsonSchema>> = {
  scenario: () => jsonSchema() as JsonSchema,
  persona: () => schemaOf(personaSchema),
  pack: () => schemaOf(packSchema),
  situations: () => schemaOf(situationSchema),
  prompts: () => schemaOf(promptsFileSchema),
  prices: () => schemaOf(pricesSchema),
};

const ABOUT: Readonly<Record<string, string>> = {
  scenario: "A scenario file: the script of one experiment.",
  persona: "`personas/<name>.yaml`: a kind of user.",
  pack: "`situations/<name>/pack.yaml`: what users talk about, and what each role is told.",
  situations: "`situations/<pack>/<any>.yaml`: one situation, or a list of them.",
  prompts: "The file that a scenario names under `prompts`.",
  prices: "The file that a scenario names under `budget.prices`: model names, each with these fields.",
};

/** `docs/reference.md`: every field of every such file, made from the schemas. */
export function referencePage(): string {
  const head = [
    "# Every field",
    "",
    "After this page you know what may stand in each of candor's YAML files. It is made from the schemas (`candor schema --markdown`), so it says what",
    "this version reads. `candor check <file>` looks whether a file is right; `candor schema <kind>` prints a JSON Schema for editors.",
    "",
    "`needed` in the column of defaults: the field must be there. Nothing in it: what happens without the field is said beside it. A dot stands for a field",
    "inside another (`population.size` is `size` under `population`), `[]` for each entry of a list, `<name>` for a name of yours.",
    "",
  ];
  const parts = Object.entries(fileSchemas).flatMap(([kind, schema]) => [
    `## ${kind}`,
    "",
    ABOUT[kind]!,
    "",
    ...fieldTables(schema()),
  ]);
  return `${[...head, ...parts].join("\n").trimEnd()}\n`;
}
