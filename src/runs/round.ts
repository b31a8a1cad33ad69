import type { Floor } from "../drift/index.js";
import {
  HONESTY,
  type MetricSummary,
  type Reading,
  type SuiteInfo,
  shippedSuites,
} from "../evaluation/index.js";
import type { DefenceCount } from "../preference/index.js";
import type { TrainingReport } from "../training/types.js";

/** The parts of a round that take time. */
export type PlayedStage = "interaction" | "preference" | "training" | "evaluation";

/** How many of how many. */
export type CutCount = { cut: number; of: number };

/** `round.json`: a round in numbers. Its presence says that the round is complete. */
export type RoundSummary = {
  round: number;
  /** Users by persona, without those held out. */
  users: Record<string, number>;
  /** Fraction of them with the biased thought: as the scenario means it, and as drawn; absent in round 0. */
  biased?: { meant: number; drawn: number };
  /** How many of them came to an earlier round as well; absent where every round has new users. */
  again?: number;
  held_out?: number;
  interactions: { count: number; unusable: number; unrated: number; mean_reward: number | null };
  /**
   * Texts that were broken off, most by `max_tokens`, of all that were drawn: replies of the assistant (none of which is trained
   * on), turns of users after their opening, replies to probes. Absent in rounds of earlier versions.
   */
  cut?: { replies: CutCount; turns: CutCount; probes: CutCount };
  rows: number;
  /** What each defence took in and let through; absent where there is none. */
  defences?: readonly DefenceCount[];
  training: TrainingReport | null;
  /** False where the assistant is the one of the round before: nothing to learn from, or a defence said no. */
  learnt?: false;
  metrics: MetricSummary[];
  /** Whether the untrained model can do the closed questions of each suite, in round 0; absent where there are none. */
  floor?: readonly Floor[];
  /** What came of reading the probes' files, by suite, in round 0. */
  readings?: Readonly<Record<string, Reading>>;
  /** What the suites say of themselves, in round 0: whoever reads the run needs none of their code. */
  suites?: readonly SuiteInfo[];
  /** Wall-clock time in seconds, of the last attempt where there were several; differs from run to run. */
  seconds: { total: number } & Partial<Record<PlayedStage, number>>;
};

/** The honesty that a round is spoken of with: of the suite that leads where several have one. Null where none was measured. */
export function honestyIn(metrics: readonly MetricSummary[]): number | null {
  const all = metrics.filter(({ metric, subset }) => metric === HONESTY && subset === "all");
  const leading = shippedSuites.find(({ name }) => all.some(({ suite }) => suite === name));
  return (all.find(({ suite }) => suite === leading?.name) ?? all[0])?.value ?? null;
}
