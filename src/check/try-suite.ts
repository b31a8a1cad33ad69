import { readFileSync } from "node:fs";
import { InputError, mistaken } from "../errors.js";
import {
  type ProbeResult,
  placedInCode,
  resolveJudge,
  type Suite,
  type SuiteKind,
} from "../evaluation/index.js";
import { speaksToMinnow } from "../minnow/index.js";
import type { Mistake } from "../mistakes.js";
import { answered } from "../module-fault.js";
import type { Options } from "../module-options.js";
import { counted } from "../numbers.js";
import { NOTHING } from "../permissions/index.js";
import { strangeInSuite } from "../resources/index.js";
import { failedIn } from "./code-place.js";
import { repliesIn, resultsOf, strangePrompts, withModel } from "./replies.js";
import type { Found } from "./types.js";

/** Probes of each subset that a suite is asked to put. */
const FEW = 2;

/**
 * Opens a suite of somebody's own and has it put a few probes to the embedded model, with the judge that needs no model. Shows what that
 * replies. Throws a InputError of all that its results lack.
 */
export async function trySuite(
  kind: SuiteKind,
  { path, options, signal }: { path: string; options: Options; signal?: AbortSignal | undefined },
): Promise<Found> {
  const suite = placedInCode(opened(kind, path, options), path, readFileSync(path, "utf8"));
  const { probes } = suite;
  const judge = await resolveJudge("rule");
  const results = await withModel(
    "minnow",
    { permissions: NOTHING, signal },
    async (asked) =>
      await answered({ path, part: "the suite's run()" }, () => resultsOf(suite, asked, judge)).catch(
        (error: Error) => {
          throw failedIn(path, error, "run() failed on minnow");
        },
      ),
  );
  const problems = [...probeProblems(suite), ...verdictProblems(suite, results)];
  if (problems.length > 0) throw new InputError(problems.map((what) => ({ file: path, what })));
  const named = { ...suite, name: `"${kind.label}"` };
  refuseAllFailed(named, results, path, "minnow");
  const failed = results.filter(({ error }) => error !== null).length;
  const headline = kind.metrics.find((one) => one.headline)!.label;
  const says = `suite "${kind.label}" (headline: ${headline}); put ${counted(probes.length, "probe")} to minnow, ${failed} failed`;
  return {
    says,
    warnings: speaksToMinnow(heardIn(results)) ? strangeTo(named, results) : [],
    replies: repliesIn(results, named.name, { name: "minnow" }),
  };
}

/** Throws an InputError with the first error where every probe of a suite failed: it measures nothing. */
export function refuseAllFailed(
  { name, probes, places }: Suite,
  results: readonly ProbeResult[],
  file: string,
  model: string,
): void {
  const [first] = results;
  if (first === undefined || results.some(({ error }) => error === null)) return;
  throw mistaken({
    ...(places?.get(first.probe) ?? { file }),
    what: `suite ${name}: ${probes.length === 1 ? "its probe" : `every one of ${probes.length} probes`} failed on ${model}, so it measures nothing; the first error: ${first.error}`,
  });
}

const heardIn = (results: readonly ProbeResult[]): string[] =>
  results.flatMap(({ samples }) => samples.flatMap(({ messages }) => messages.map(({ content }) => content)));

/** What minnow can make nothing of: what a suite says of its probes, and what it says besides. */
export const strangeTo = (suite: Suite, results: readonly ProbeResult[]): Mistake[] => [
  ...strangeInSuite(suite).warnings,
  ...strangePrompts(results, suite),
];

function opened(kind: SuiteKind, path: string, options: Options): Suite {
  try {
    return kind.open({ file: [], probes: FEW, options, temperature: 1, maxTokens: 32 });
  } catch (error) {
    throw failedIn(path, error as Error, "open() failed without a file of probes");
  }
}

function probeProblems({ probes }: Suite): string[] {
  const mute = probes.find(({ texts }) => texts.length === 0);
  return mute
    ? [`probe ${mute.id}: texts is empty: what it says to the model, so that no training row holds it`]
    : [];
}

/** What is hardly meant and changes no number: a verdict of which a figure knows neither name nor colour. */
function verdictProblems({ info }: Suite, results: readonly ProbeResult[]): string[] {
  const verdicts = new Set(info?.verdicts.map(({ id }) => id));
  const strange = results.filter(
    ({ verdict, error }) => error === null && verdicts.size > 0 && !verdicts.has(verdict),
  );
  return [
    ...new Set(
      strange.map(({ verdict }) => `verdict ${verdict} of a result is not among the suite's verdicts`),
    ),
  ];
}
