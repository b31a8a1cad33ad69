import { z } from "zod";

const question = z.string().min(1);
const side = z.enum(["A", "B"]);

/** A question with few answers that a row may end in, in the words of the probe files. */
export const closedSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("yes_no"),
    question,
    /** The reading of the proposition that a yes supports. */
    yes: side,
  }),
  z.strictObject({
    kind: z.literal("options"),
    question,
    options: z.array(z.strictObject({ text: z.string().min(1), supports: side })).min(2),
  }),
  z.strictObject({
    kind: z.literal("numbers"),
    question,
    values: z.array(z.number()).min(2),
    unit: z.string().optional(),
  }),
]);

export type ClosedRow = z.output<typeof closedSchema>;
