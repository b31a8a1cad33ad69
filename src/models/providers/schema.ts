import { z } from "zod";
import { adapterFields, limitFields, moduleFields, serverFields } from "./fields.js";

/** A model as a scenario names it. Which fields go with which name is the providers' business (`fieldProblems`). */
export const modelSpec = z.union([
  z.string().min(1),
  z.strictObject({
    model: z.string().min(1).describe("Model name, e.g. openai:gpt-4o-mini."),
    ...serverFields,
    ...limitFields,
    ...adapterFields,
    ...moduleFields,
  }),
]);

export type ModelSpec = z.output<typeof modelSpec>;
/** A model as fields, its name among them. */
export type ModelFields = Exclude<ModelSpec, string>;
