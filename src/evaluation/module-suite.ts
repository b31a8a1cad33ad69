import { z } from "zod";
import { InputError } from "../errors.js";
import { check, dotted } from "../yaml/index.js";
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
 * A suite as a module's default export describes it: `{ label, metrics, verdicts, open(settings) }`. Throws an InputError
 * of all that is wrong with it.
 */
export function readKind(exported: unknown, where: string): SuiteKind {
  const { data: kind, problems } = check(kindSchema, exported);
  if (kind === undefined)
    throw new InputError(
      problems.map(({ path, message }) =>
        path.length === 0
          ? { file: where, what: `the default export is no suite: ${message}` }
          : { file: where, field: dotted(path), what: message },
      ),
    );
  const wrong = [
    ...(kind.metrics.filter(({ headline }) => headline).length === 1
      ? []
      : [{ file: where, field: "metrics", what: "exactly one must be the headline" }]),
    ...(["metrics", "verdicts"] as const).flatMap((field) => {
      const ids = kind[field].map(({ id }) => id);
      const twice = [...new Set(ids.filter((id, index) => ids.indexOf(id) < index))];
      return twice.map((id) => ({ file: where, field, what: `${id} stands twice` }));
    }),
  ];
  if (wrong.length > 0) throw new InputError(wrong);
  // Its name is the one under which the scenario runs it.
  return { name: "", ...kind };
}
