import { z } from "zod";
import { messagesSchema as messages } from "../message-schema.js";
import { checked, didYouMean } from "../yaml/index.js";
import type { SuiteInfo } from "./describe.js";
import type { ProbeResult, Suite } from "./types.js";

// What a suite's code gives is believed nowhere else: a type says nothing of a module that somebody wrote in JavaScript.

/** The result of a probe, as it stands in files too. Which scores are right a suite's metrics say. */
export const resultSchema = z.looseObject({
  suite: z.string(),
  subset: z.string(),
  probe: z.string(),
  verdict: z.string(),
  scores: z.record(z.string(), z.number()),
  samples: z.array(z.looseObject({ purpose: z.string(), messages, reply: z.string(), judged: z.string() })),
  error: z.string().nullable(),
}) satisfies z.ZodType<ProbeResult>;

/** Scores are looked at by themselves, which says what each should be; what the suite calls itself is never used. */
const formSchema = resultSchema.extend({ suite: z.unknown(), scores: z.record(z.string(), z.unknown()) });

const suiteSchema = z.looseObject({
  probes: z.array(z.looseObject({ id: z.string(), subset: z.string(), texts: z.array(z.string()) })),
  offers: z.looseObject({ rules: z.boolean().optional(), candidates: z.boolean().optional() }),
  run: z.custom<Suite["run"]>((value) => typeof value === "function", "expected a function"),
});

/** A suite as it was opened. Throws an Error where it is none, has no probes, or two of them could not be told apart. */
export function openedSuite(opened: Suite): Suite {
  if ((opened as { then?: unknown } | undefined)?.then !== undefined)
    throw new Error("it gives a promise; what has to be waited for belongs into run()");
  checked(suiteSchema, opened, (problem) => new Error(`it gives no suite: ${problem}`));
  if (opened.probes.length === 0) throw new Error("it gives no probes");
  const ids = opened.probes.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  if (twice !== undefined) throw new Error(`two probes have the id ${twice}`);
  return opened;
}

/**
 * A result of a suite's own code, as it is. Throws an Error on what would be counted wrongly, or lost on its way to the disk: another
 * form, a probe that the suite does not have or has in another subset, a score that is no share or of no metric.
 */
export function ownResult({ probes, name }: Suite, { metrics }: SuiteInfo, result: ProbeResult): ProbeResult {
  const { probe, subset, scores } = checked(
    formSchema,
    result,
    (problem) => new Error(`suite ${name}: a result is none: ${problem}`),
  );
  const where = `suite ${name}, probe ${probe}`;
  const known = probes.find(({ id }) => id === probe);
  if (known === undefined) throw new Error(`${where}: it has no such probe, so nothing can be said of it`);
  if (known.subset !== subset)
    throw new Error(`${where}: its subset is ${known.subset}, and a result gives ${subset}`);
  const ids = metrics.map(({ id }) => id);
  for (const [metric, score] of Object.entries(scores)) {
    const described = metrics.find(({ id }) => id === metric);
    if (described === undefined)
      throw new Error(`${where}: ${metric} is no metric of the suite${didYouMean(metric, ids)}`);
    const isNumber = typeof score === "number" && Number.isFinite(score);
    if (!isNumber || (described.unbounded !== true && (score < 0 || score > 1)))
      throw new Error(`${where}: ${metric} is ${String(score)}, not a number from 0 to 1`);
  }
  return result;
}

/** Throws an Error where not every probe has one result, and that the one which was told when it came: a run that goes on has that. */
export function requireEach(
  { probes, name }: Suite,
  results: readonly ProbeResult[],
  told: ReadonlyMap<string, string>,
): void {
  const given = new Set<string>();
  for (const result of results) {
    const where = `suite ${name}, probe ${result.probe}`;
    if (given.has(result.probe)) throw new Error(`${where}: run() gives two results for it`);
    given.add(result.probe);
    const before = told.get(result.probe);
    if (before !== undefined && before !== JSON.stringify(result))
      throw new Error(`${where}: onResult() was told another result than run() gives`);
  }
  const missing = probes.find(({ id }) => !given.has(id));
  if (missing)
    throw new Error(
      `suite ${name}, probe ${missing.id}: run() gives no result for it; one that could not be put has the score error: 1`,
    );
}
