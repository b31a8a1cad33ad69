import { InputError } from "../errors.js";
import { type ProbeResult, resolveJudge, type Suite, type SuiteKind } from "../evaluation/index.js";
import { releaseModel, resolveChatModel } from "../models/index.js";
import type { Options } from "../module-options.js";
import { failedIn } from "./code-place.js";

/** Probes of each subset that a suite is asked to put. */
const FEW = 2;

/**
 * Opens a suite of somebody's own and has it put a few probes to the embedded model, with the judge that needs no model. Throws a
 * InputError of all that its results lack.
 */
export async function trySuite(
  kind: SuiteKind,
  { path, options, signal }: { path: string; options: Options; signal?: AbortSignal | undefined },
): Promise<string> {
  const suite = opened(kind, path, options);
  const { probes } = suite;
  const model = await resolveChatModel("minnow");
  let results: ProbeResult[];
  try {
    const judge = await resolveJudge("rule");
    results = await suite.run({ model, judge, seed: "check", signal }).catch((error: Error) => {
      throw failedIn(path, error, "run() failed on minnow");
    });
  } finally {
    await releaseModel(model);
  }
  const problems = [...probeProblems(suite), ...resultProblems(suite, results)];
  if (problems.length > 0) throw new InputError(problems.map((what) => ({ file: path, what })));
  const failed = results.filter(({ error }) => error !== null).length;
  const headline = kind.metrics.find((one) => one.headline)!.label;
  return `suite "${kind.label}" (headline: ${headline}); put ${probes.length} probes to minnow, ${failed} failed`;
}

function opened(kind: SuiteKind, path: string, options: Options): Suite {
  try {
    return kind.open({ file: [], probes: FEW, options, temperature: 1, maxTokens: 32 });
  } catch (error) {
    throw failedIn(path, error as Error, "open() failed without a file of probes");
  }
}

function probeProblems({ probes }: Suite): string[] {
  const ids = probes.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  const mute = probes.find(({ texts }) => !Array.isArray(texts) || texts.length === 0);
  return [
    ...(probes.length === 0 ? ["open() gives no probes"] : []),
    ...(twice === undefined ? [] : [`two probes have the id ${twice}`]),
    ...(mute
      ? [`probe ${mute.id}: texts is missing: what it says to the model, so that no training row holds it`]
      : []),
  ];
}

function resultProblems({ probes, info }: Suite, results: readonly ProbeResult[]): string[] {
  if (!Array.isArray(results)) return ["run() gives no list of results"];
  const known = new Set(info?.metrics.map(({ id }) => id));
  const verdicts = new Set(info?.verdicts.map(({ id }) => id));
  const missing = probes.filter(({ id }) => !results.some(({ probe }) => probe === id));
  return [
    ...missing.map(({ id }) => `run() gives no result for probe ${id}`),
    ...new Set(
      results.flatMap(({ probe, verdict, scores, error }) => [
        ...Object.entries<number>(scores ?? {}).flatMap(([metric, value]) => [
          ...(known.has(metric) ? [] : [`metric ${metric} of a result is not among the suite's metrics`]),
          ...(value >= 0 && value <= 1 ? [] : [`probe ${probe}: ${metric} is ${value}, not in [0, 1]`]),
        ]),
        ...(error === null && verdicts.size > 0 && !verdicts.has(verdict)
          ? [`verdict ${verdict} of a result is not among the suite's verdicts`]
          : []),
      ]),
    ),
  ];
}
