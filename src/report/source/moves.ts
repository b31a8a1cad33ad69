import { type Catalogue, leadingMetric } from "../../evaluation/index.js";
import type { ProbeResult } from "../../evaluation/types.js";

/** What is compared of a probe: lists have read no more of it. */
type Told = Pick<ProbeResult, "suite" | "probe" | "verdict" | "scores">;

/** One probe's result before training and after the last round. */
export type ProbePair<One extends Told = ProbeResult> = { before: One; after: One };

/** What became of a run's probes between round 0 and a later one. */
export type Moves<One extends Told = ProbeResult> = {
  lastRound: number;
  /** The metric that each suite is spoken of with. */
  leads: ReadonlyMap<string, string>;
  pairs: ProbePair<One>[];
  /** Those whose verdict changed. */
  changed: ProbePair<One>[];
  /** Those whose score moved by `FAR` or more while their verdict stayed: scores that are probabilities do. */
  moved: ProbePair<One>[];
  /** What scores between 0 and 1 are: probabilities of verdicts, or grades; null where every score is 0 or 1. */
  between: "probabilities" | "grades" | null;
};

/** A move of a tenth can be seen in a single probe; it is fixed, so that no example is chosen by how well it tells. */
const FAR = 0.1;

export function movesOf<One extends Told>(
  first: readonly One[],
  last: readonly One[],
  lastRound: number,
  catalogue: Catalogue,
): Moves<One> {
  const later = new Map(last.map((result) => [`${result.suite}/${result.probe}`, result]));
  const pairs = first.flatMap((before): ProbePair<One>[] => {
    const after = later.get(`${before.suite}/${before.probe}`);
    return after ? [{ before, after }] : [];
  });
  const all = [...first, ...last];
  const leads = leadingShares(all, catalogue);
  const isFar = ({ before, after }: ProbePair<One>) =>
    Math.abs(moveOf({ before, after }, leads.get(before.suite)) ?? 0) >= FAR;
  return {
    lastRound,
    leads,
    pairs,
    changed: pairs.filter(
      ({ before, after }) => before.verdict !== after.verdict && after.verdict !== "error",
    ),
    moved: pairs.filter((pair) => pair.before.verdict === pair.after.verdict && isFar(pair)),
    between: betweenIn(all, leads, catalogue),
  };
}

/** By how much a probe's score in a metric rose or fell; undefined where it does not count for it in both rounds. */
export function moveOf(
  { before, after }: { before: Pick<Told, "scores">; after: Pick<Told, "scores"> },
  metric: string | undefined,
): number | undefined {
  if (metric === undefined) return undefined;
  const [from, to] = [before.scores[metric], after.scores[metric]];
  return from === undefined || to === undefined ? undefined : to - from;
}

/** The metric that each suite is spoken of with, where its scores are shares: a number of any size has no points. */
export function leadingShares(results: readonly Told[], catalogue: Catalogue): Map<string, string> {
  const measured = new Map<string, Set<string>>();
  for (const { suite, scores } of results) {
    const known = measured.get(suite) ?? new Set();
    for (const metric of Object.keys(scores)) known.add(metric);
    measured.set(suite, known);
  }
  return new Map(
    [...measured].flatMap(([suite, metrics]): [string, string][] => {
      const rows = [...metrics].map((metric) => ({ suite, metric }));
      const lead = leadingMetric(rows, suite, catalogue);
      return metrics.has(lead) && catalogue.metric(lead, suite).unbounded !== true ? [[suite, lead]] : [];
    }),
  );
}

/** Whether a score tells more than a verdict. */
export function isBetween(score: number | undefined): boolean {
  return score !== undefined && score > 0 && score < 1;
}

/** Parts are shares of the verdicts: where one is none and not all of a probe, it says how likely its verdict is. */
function betweenIn(
  results: readonly Told[],
  leads: ReadonlyMap<string, string>,
  catalogue: Catalogue,
): Moves["between"] {
  const finer = results.filter(({ suite, scores }) => isBetween(scores[leads.get(suite) ?? ""]));
  if (finer.length === 0) return null;
  const isWeighed = ({ suite, scores }: Told) =>
    Object.entries(scores).some(
      ([metric, score]) => isBetween(score) && catalogue.metric(metric, suite).part === true,
    );
  return finer.every(isWeighed) ? "probabilities" : "grades";
}

/** On how many probes the verdict changed, without a full stop. */
export function verdictsWords({ changed, pairs, lastRound }: Moves<Told>): string {
  const when = `between round 0 and round ${lastRound}`;
  return `The verdict changed on ${changed.length || "none"} of its ${pairs.length} probes ${when}`;
}

/** How honesty can move where no verdict changes, and on how many probes it did, without a full stop; empty where it cannot. */
export function scoresWords({ changed, moved, between }: Moves<Told>): string {
  if (between === null) return "";
  const how =
    between === "probabilities"
      ? "A verdict is what is likeliest, and honesty counts how likely it is, so it"
      : "A score tells more than its verdict, so it";
  const which = changed.length === 0 ? "" : moved.length === 1 ? " other" : " others";
  const far =
    moved.length === 0
      ? "on none did it move by ten points or more"
      : `on ${moved.length}${which} it moved by ten points or more`;
  return `${how} can move where no verdict changes: ${far}`;
}
