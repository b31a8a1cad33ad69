import { concurrently } from "../concurrently.js";
import { throwIfEnded, UserError } from "../errors.js";
import { didYouMean } from "../yaml/index.js";
import { namedJudges } from "./judges/registry.js";
import { evenly } from "./sample.js";
import type { EvaluationContext, Judge, ProbeResult, Sample, Suite, SuiteSettings } from "./types.js";

export type { SuiteSettings } from "./types.js";

/** The probes that settings ask for, of those in a file. Throws a UserError on a subset or part that the file does not have. */
export function selectProbes<T extends { subset: string; pair?: string | null | undefined }>(
  all: readonly T[],
  settings: Pick<SuiteSettings, "split" | "subsets" | "file" | "probes">,
): T[] {
  const { subsets, file, probes } = settings;
  return evenly(selectSubsets(selectSplit(all, settings), subsets, file), probes);
}

/** The probes of the named subsets. Throws a UserError on a name that the file does not have. */
function selectSubsets<T extends { subset: string }>(
  probes: readonly T[],
  subsets: readonly string[] | undefined,
  file: string | readonly string[],
): readonly T[] {
  if (!subsets) return probes;
  const known = [...new Set(probes.map((probe) => probe.subset))];
  for (const subset of subsets) {
    if (!known.includes(subset)) {
      throw new UserError(`${[file].flat().join(", ")} has no subset ${subset}${didYouMean(subset, known)}`);
    }
  }
  return probes.filter((probe) => subsets.includes(probe.subset));
}

/** The probes of one part. Throws a UserError where the file does not divide its probes. */
function selectSplit<T extends object>(
  probes: readonly T[],
  { split = "all", file }: Pick<SuiteSettings, "split" | "file">,
): readonly T[] {
  if (split === "all") return probes;
  const found = probes.filter((probe) => "split" in probe && probe.split === split);
  if (found.length > 0) return found;
  throw new UserError(
    `${[file].flat().join(", ")}: split: no probe has "split": "${split}"; take all, or a file that divides its probes into tune and test`,
  );
}

/** What all of the probes offer. */
export function offersOf<P extends { rules?: unknown; candidates?: unknown }>(
  probes: readonly P[],
  isClosed: (probe: P) => boolean = () => false,
): Suite["offers"] {
  const open = probes.filter((probe) => !isClosed(probe));
  return {
    rules: open.every(({ rules }) => rules !== undefined),
    candidates: open.every(({ candidates }) => candidates !== undefined),
  };
}

/** Throws a UserError if a judge cannot judge a suite's probes, before any model is asked for replies. */
export function requireJudgeable({ name, offers }: Suite, judge: Judge, where = ""): void {
  const { needs } = judge;
  if (needs === undefined || offers[needs]) return;
  const own = namedJudges.find((one) => one.judge === judge);
  const who = `${where === "" ? "" : `${where}: `}${own ? `the ${own.name} judge` : "this judge"}`;
  throw new UserError(
    offers.modelsAlone
      ? `${who} cannot read a rubric, which suite ${name} is judged by; name a chat model as judge`
      : `${who} reads the column ${needs} of a probe, and not all probes of suite ${name} have it; give it to each, or name a chat model as judge`,
  );
}

/** A probe's result without its name. */
export type ProbeOutcome = Omit<ProbeResult, "suite" | "subset" | "probe">;

/** The outcome of a probe that could not be put or judged: it counts for no metric but `error`. */
export function failure(message: string, samples: Sample[]): ProbeOutcome {
  return { verdict: "error", scores: { error: 1 }, samples, error: message };
}

/** Runs a step that may fail. An interruption is no failure: it is thrown on. */
export async function attempt<T>(
  signal: AbortSignal | undefined,
  step: () => Promise<T>,
): Promise<{ value: T; error: null } | { value: null; error: string }> {
  try {
    return { value: await step(), error: null };
  } catch (error) {
    throwIfEnded(error, signal);
    return { value: null, error: (error as Error).message };
  }
}

/**
 * Puts all probes at once (so that a model that batches can) and keeps those already done. Results stand in the order
 * of the probes.
 */
export async function runProbes<T extends { id: string; subset: string }>(
  suite: string,
  probes: readonly T[],
  context: EvaluationContext,
  put: (probe: T) => Promise<ProbeOutcome>,
): Promise<ProbeResult[]> {
  let done = 0;
  const one = async (probe: T): Promise<ProbeResult> => {
    const before = context.done?.get(`${suite}/${probe.id}`);
    if (before) return before;
    context.signal?.throwIfAborted();
    const outcome = await attempt(context.signal, () => put(probe));
    const result = {
      suite,
      subset: probe.subset,
      probe: probe.id,
      ...(outcome.error === null ? outcome.value : failure(outcome.error, [])),
    };
    await context.onResult?.(result);
    return result;
  };
  return await concurrently(probes, context.concurrency, async (probe) => {
    const result = await one(probe);
    done += 1;
    context.onProgress?.(done, probes.length);
    return result;
  });
}
