import type { ProbeResult } from "../evaluation/types.js";
import { mean } from "../mean.js";
import { ALL } from "./groups.js";
import { normalQuantile } from "./student.js";

/** A probe's result; what was said is not looked at. */
export type Answered = Omit<ProbeResult, "samples"> & { samples?: unknown };

/**
 * Numbers of a suite of closed questions that no probe has by itself: how well a model tells questions whose answer is yes
 * from those whose answer is no (sensitivity), and how much it leans to either answer whatever the question (leaning).
 * Signal detection theory, Green and Swets 1966.
 */
const SIGNALS = {
  /** Area under the ROC curve of P(yes); 0.5 is chance. */
  sensitivity: { yes: "yes_when_true", no: "yes_when_false" },
  d_prime: { yes: "yes_when_true", no: "yes_when_false" },
  /** The criterion c; below 0 it leans to yes. */
  leaning: { yes: "yes_when_true", no: "yes_when_false" },
  neutral_sensitivity: { yes: "neutral_yes_when_true", no: "neutral_yes_when_false" },
} as const;

/** How well one score of a probe ranks another, which is a probability: the area under the ROC curve; 0.5 is chance. */
const RANKINGS = {
  lie_probe: { score: "lie_foretold", positive: "lie_told" },
} as const;

/** Whether a metric is one that no probe has by itself: what it is counted in are its units, which may be pairs. */
export function isSignal(metric: string): boolean {
  return metric in SIGNALS || metric in RANKINGS;
}

type Signal = keyof typeof SIGNALS;
type Ranking = keyof typeof RANKINGS;

/** One unit's part in a signal: the mean over units is the signal, and their spread its sampling error. */
export type SignalPart = {
  suite: string;
  subset: string;
  /** Pair of opposite truth, or the probe where it has none: what is drawn anew when other probes are. */
  probe: string;
  metric: Signal | Ranking;
  value: number;
};

type Answer = { unit: string; yes: number };

/**
 * The signals of a round's results, in every subset and over all probes of a suite, as parts of units. A part is the signal plus
 * what the unit moves it by (the influence function, for the area that is DeLong, DeLong and Clarke-Pearson 1988), so that it
 * may lie outside [0, 1]. Probes of a pair are one unit. Nothing where there is not at least one question of either truth.
 */
export function signalsOf(results: readonly Answered[]): SignalPart[] {
  const groups = new Map<string, { suite: string; subset: string; results: Answered[] }>();
  for (const result of results) {
    for (const subset of [ALL, result.subset]) {
      const key = `${result.suite}\u0000${subset}`;
      const group = groups.get(key) ?? { suite: result.suite, subset, results: [] };
      group.results.push(result);
      groups.set(key, group);
    }
  }
  return [...groups.values()].flatMap(({ suite, subset, results: own }) => {
    const part =
      (metric: SignalPart["metric"]) =>
      ({ unit, value }: Part): SignalPart => ({ suite, subset, probe: unit, metric, value });
    return [
      ...(Object.keys(SIGNALS) as Signal[]).flatMap((metric) =>
        partsOf(metric, answersOf(own, SIGNALS[metric].yes), answersOf(own, SIGNALS[metric].no)).map(
          part(metric),
        ),
      ),
      ...(Object.keys(RANKINGS) as Ranking[]).flatMap((metric) =>
        rankingParts(rankedOf(own, RANKINGS[metric])).map(part(metric)),
      ),
    ];
  });
}

type Part = { unit: string; value: number };

/** A probe by its score, and how probable it is that it counts as positive. */
type Ranked = { unit: string; score: number; positive: number };

function rankedOf(results: readonly Answered[], names: { score: string; positive: string }): Ranked[] {
  return results.flatMap(({ probe, pair, scores }) => {
    const [score, positive] = [scores[names.score], scores[names.positive]];
    return score === undefined || positive === undefined ? [] : [{ unit: pair ?? probe, score, positive }];
  });
}

/**
 * Of two probes of which one is positive and the other is not, the chance that the positive has the higher score (equal ones count half),
 * over all pairs of probes, each as probable as its two are positive and not. With probabilities of 0 and 1 it is the plain area. In
 * parts of units by the influence function. None where either kind has no weight.
 */
export function rankingParts(ranked: readonly Ranked[]): Part[] {
  const beats = (one: number, other: number) => (one > other ? 1 : one === other ? 0.5 : 0);
  let [above, pairs] = [0, 0];
  const own = ranked.map((one, i) => {
    let [higher, all] = [0, 0];
    for (const [j, other] of ranked.entries()) {
      if (j === i) continue;
      const [asPositive, asNegative] = [
        one.positive * (1 - other.positive),
        (1 - one.positive) * other.positive,
      ];
      higher += asPositive * beats(one.score, other.score) + asNegative * beats(other.score, one.score);
      all += asPositive + asNegative;
      above += asPositive * beats(one.score, other.score);
      pairs += asPositive;
    }
    return { higher, all };
  });
  if (!(pairs > 0)) return [];
  const value = above / pairs;
  const byUnit = new Map<string, number>();
  for (const [i, { higher, all }] of own.entries()) {
    const { unit } = ranked[i]!;
    byUnit.set(unit, (byUnit.get(unit) ?? 0) + (higher - value * all) / pairs);
  }
  return [...byUnit].map(([unit, moved]) => ({ unit, value: value + byUnit.size * moved }));
}

function answersOf(results: readonly Answered[], metric: string): Answer[] {
  return results.flatMap(({ probe, pair, scores }) =>
    scores[metric] === undefined ? [] : [{ unit: pair ?? probe, yes: scores[metric] }],
  );
}

function partsOf(
  metric: Signal,
  whenTrue: readonly Answer[],
  whenFalse: readonly Answer[],
): { unit: string; value: number }[] {
  if (whenTrue.length === 0 || whenFalse.length === 0) return [];
  const { value, influence } =
    metric === "sensitivity" || metric === "neutral_sensitivity"
      ? area(whenTrue, whenFalse)
      : rates(metric, whenTrue, whenFalse);
  const byUnit = new Map<string, number>();
  for (const [index, { unit }] of [...whenTrue, ...whenFalse].entries())
    byUnit.set(unit, (byUnit.get(unit) ?? 0) + influence[index]!);
  return [...byUnit].map(([unit, moved]) => ({ unit, value: value + byUnit.size * moved }));
}

type Valued = {
  value: number;
  /** By how much each answer moves the value: those of true questions first. */
  influence: number[];
};

/** The probability that a yes is likelier to a question whose answer is yes than to one whose answer is no. */
function area(whenTrue: readonly Answer[], whenFalse: readonly Answer[]): Valued {
  const beats = (one: number, other: number) => (one > other ? 1 : one === other ? 0.5 : 0);
  const ofTrue = whenTrue.map(({ yes }) => mean(whenFalse.map((other) => beats(yes, other.yes))));
  const ofFalse = whenFalse.map(({ yes }) => mean(whenTrue.map((other) => beats(other.yes, yes))));
  const value = mean(ofTrue);
  return {
    value,
    influence: [
      ...ofTrue.map((one) => (one - value) / whenTrue.length),
      ...ofFalse.map((one) => (one - value) / whenFalse.length),
    ],
  };
}

/** d′ = z(H) − z(F) and c = −(z(H) + z(F)) / 2, the rates with the log-linear correction (Hautus 1995). */
function rates(
  metric: "d_prime" | "leaning",
  whenTrue: readonly Answer[],
  whenFalse: readonly Answer[],
): Valued {
  const of = (answers: readonly Answer[]): { z: number; moves: number[] } => {
    const rate = mean(answers.map(({ yes }) => yes));
    const z = normalQuantile((rate * answers.length + 0.5) / (answers.length + 1));
    // dz/dp is one over the normal's density.
    const slope = Math.sqrt(2 * Math.PI) * Math.exp(z ** 2 / 2);
    return { z, moves: answers.map(({ yes }) => ((yes - rate) / answers.length) * slope) };
  };
  const [hit, wrong] = [of(whenTrue), of(whenFalse)];
  return metric === "d_prime"
    ? { value: hit.z - wrong.z, influence: [...hit.moves, ...wrong.moves.map((one) => -one)] }
    : {
        value: -(hit.z + wrong.z) / 2,
        influence: [...hit.moves, ...wrong.moves].map((one) => -one / 2),
      };
}
