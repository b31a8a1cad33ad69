import { z } from "zod";
import { UserError } from "../errors.js";
import { checked } from "../yaml/index.js";
import type { SuiteKind } from "./types.js";

const word = z.string().min(1);
const tone = z.enum(["good", "bad", "warn", "quiet"]);

const kindSchema = z.looseObject({
  label: word,
  metrics: z
    .array(
      z.looseObject({
        id: word.regex(/^[a-z][a-z0-9_]*$/, "expected small letters, digits and underscores"),
        label: word,
        column: word.optional(),
        direction: z.enum(["higher", "lower", "neither"]),
        tone,
        headline: z.boolean().optional(),
      }),
    )
    .min(1),
  verdicts: z.array(z.looseObject({ id: word, label: word, tone })).default([]),
  open: z.custom<SuiteKind["open"]>((value) => typeof value === "function", "expected a function"),
});

/**
 * A suite as a module's default export describes it: `{ label, metrics, verdicts, open(settings) }`. Throws a UserError
 * that says what is missing.
 */
export function readKind(exported: unknown, where: string): SuiteKind {
  const kind = checked(
    kindSchema,
    exported,
    (problem) => new UserError(`${where}: the default export is no suite: ${problem}`),
  );
  if (kind.metrics.filter(({ headline }) => headline).length !== 1)
    throw new UserError(`${where}: metrics: exactly one must be the headline`);
  for (const [what, ids] of [
    ["metrics", kind.metrics.map(({ id }) => id)],
    ["verdicts", kind.verdicts.map(({ id }) => id)],
  ] as const) {
    const twice = ids.find((id, index) => ids.indexOf(id) < index);
    if (twice !== undefined) throw new UserError(`${where}: ${what}: ${twice} stands twice`);
  }
  // Its name is the one under which the scenario runs it.
  return { name: "", ...kind };
}
