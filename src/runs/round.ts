import { z } from "zod";
import type { Floor } from "../drift/index.js";
import {
  headline,
  type JudgeCheck,
  leadingSuite,
  type MetricSummary,
  type Reading,
  type SuiteInfo,
  shippedCatalogue,
} from "../evaluation/index.js";
import type { RaterCheck, Targeting } from "../interaction/index.js";
import type { DefenceCount, LogSummary } from "../preference/index.js";
import type { TrainingReport } from "../training/types.js";
import type { Seal } from "./lines/index.js";
import { defenceCountSchema, metricSchema, trainingReportSchema } from "./schema.js";

/** The parts of a round that take time. */
export type PlayedStage = "interaction" | "preference" | "training" | "evaluation";

/** How many of how many. */
export type CutCount = { cut: number; filtered?: number; of: number };

/** A round in numbers. */
export type RoundSummary = {
  round: number;
  /** Users by persona, without those held out. */
  users: Record<string, number>;
  /** Fraction of them with the biased thought: as the scenario means it, and as drawn; absent in round 0. */
  biased?: { meant: number; drawn: number };
  /** How many of them came to an earlier round as well; absent where every round has new users. */
  again?: number;
  held_out?: number;
  interactions: {
    count: number;
    /** Those that failed. */
    unusable: number;
    /** Those without a reward or choice. */
    unrated: number;
    /** How many of those their user left unrated; of the others a rating could not be read. Absent of choices, where nobody is unrated, and in rounds of earlier versions. */
    silent?: number;
    mean_reward: number | null;
  };
  /** Replies that oblige, by the thought of who was told, in rounds with talks; absent where only a reader could say. */
  targeting?: Targeting;
  /**
   * Texts that were broken off, most by `max_tokens`, of all that were drawn: replies of the assistant (none of which is trained
   * on), turns of users after their opening, replies to probes. Absent in rounds of earlier versions.
   */
  cut?: { replies: CutCount; turns: CutCount; probes: CutCount };
  rows: number;
  /** What each defence took in and let through; absent where there is none. */
  defences?: readonly DefenceCount[];
  training: TrainingReport | null;
  /** Points within the round's training, after `step` of `steps`; absent where none are taken. */
  within?: readonly { step: number; steps: number; metrics: MetricSummary[] }[];
  /** False where the assistant is the one of the round before: nothing to learn from, or a defence said no. */
  learnt?: false;
  metrics: MetricSummary[];
  /** Whether the untrained model can do the closed questions of each suite, in round 0; absent where there are none. */
  floor?: readonly Floor[];
  /** How judge and rater did on what people say, before anything was spent; absent where nothing was to be checked. */
  checks?: {
    judge?: Omit<JudgeCheck, "disagreements">;
    rater?: readonly RaterCheck[];
    warnings: readonly string[];
  };
  /** What of its pack, probes and logs the model can make nothing of, in round 0, a sentence each; absent where there is nothing. */
  strange?: readonly string[];
  /** What came of reading the probes' files, by suite, in round 0. */
  readings?: Readonly<Record<string, Reading>>;
  /** What was read of logs, in round 0, and what selection would teach of them; absent where a run has none. */
  logs?: LogSummary;
  /** What the suites say of themselves, in round 0: whoever reads the run needs none of their code. */
  suites?: readonly SuiteInfo[];
  /** Wall-clock time in seconds, of the last attempt where there were several; differs from run to run. */
  seconds: { total: number } & Partial<Record<PlayedStage, number>>;
};

/** `round.json`: a round in numbers, and by what its files are known. Its presence says that the round is complete. */
export type RoundRecord = RoundSummary & {
  /** Hash of the run that it belongs to; absent in rounds of earlier versions. */
  run?: string;
  /** By name, in the order in which they were finished. */
  files: Record<string, Seal>;
  /** SHA-256 of each file of the round's checkpoint by name; null where it trained none. */
  checkpoint: Record<string, string> | null;
};

/** What is finished of a round that is not complete. */
export type Sealed = {
  files: Record<string, Seal>;
  checkpoint?: Record<string, string> | null;
  /** What the trainer reported of that checkpoint. */
  training?: TrainingReport;
};

const count = z.int().nonnegative();
const seconds = z.number().nonnegative();
const share = z.number().min(0).max(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);
const files = z.record(z.string(), z.object({ lines: count, sha256 }));
const checkpoint = z.record(z.string(), sha256);

const obliged = z.object({ obliged: count, replies: count, talks: z.array(count).default([]) }).nullable();
const cut = z.object({ cut: count, filtered: count.optional(), of: count });
const range = z.looseObject({ value: z.number(), low: z.number(), high: z.number(), n: z.number() });
const floor = z.looseObject({
  suite: z.string(),
  subset: z.string(),
  pressed: range.nullable(),
  neutral: range.nullable(),
  able: z.boolean(),
});
const reading = z.looseObject({
  files: z.array(z.string()),
  rows: count,
  left_out: z.array(z.looseObject({ why: z.string(), rows: count })),
});
const logs = z.looseObject({
  files: z.array(z.string()),
  rows: count,
  left_out: z.array(z.looseObject({ why: z.string(), rows: count })),
  rounds: z.array(z.looseObject({ rows: count, away: count })),
  users: count,
  tenth: share.nullable(),
  raised: z.array(z.string()),
  lowered: z.array(z.string()),
  skipped: z.array(z.string()),
}) satisfies z.ZodType<LogSummary>;
const named = { label: z.string(), tone: z.enum(["good", "bad", "warn", "quiet"]) };
const suite = z.looseObject({
  name: z.string(),
  label: z.string(),
  metrics: z.array(
    z.looseObject({ id: z.string(), ...named, direction: z.enum(["higher", "lower", "neither"]) }),
  ),
  verdicts: z.array(z.looseObject({ id: z.string(), ...named })),
}) satisfies z.ZodType<SuiteInfo>;

export const sealedSchema = z.object({
  files,
  checkpoint: checkpoint.optional(),
  training: trainingReportSchema.optional(),
}) satisfies z.ZodType<Sealed>;

export const roundRecordSchema = z.looseObject({
  round: count,
  run: z.string().optional(),
  users: z.record(z.string(), count),
  biased: z.object({ meant: share, drawn: share }).optional(),
  again: count.optional(),
  held_out: count.optional(),
  interactions: z.looseObject({
    count,
    unusable: count,
    unrated: count,
    silent: count.optional(),
    mean_reward: z.number().nullable(),
  }),
  targeting: z.object({ benign: obliged, biased: obliged }).optional(),
  rows: count,
  defences: z.array(defenceCountSchema).optional(),
  training: trainingReportSchema.nullable(),
  within: z.array(z.object({ step: count, steps: count, metrics: z.array(metricSchema) })).optional(),
  learnt: z.literal(false).optional(),
  cut: z.object({ replies: cut, turns: cut, probes: cut }).optional(),
  floor: z.array(floor).optional(),
  strange: z.array(z.string()).optional(),
  readings: z.record(z.string(), reading).optional(),
  logs: logs.optional(),
  suites: z.array(suite).optional(),
  metrics: z.array(metricSchema),
  seconds: z.object({
    total: seconds,
    interaction: seconds.optional(),
    preference: seconds.optional(),
    training: seconds.optional(),
    evaluation: seconds.optional(),
  }),
  files,
  checkpoint: checkpoint.nullable(),
}) satisfies z.ZodType<RoundRecord>;

/** The honesty that a round is spoken of with: of the suite that leads where several have one. Null where none was measured. */
export function honestyIn(metrics: readonly MetricSummary[]): number | null {
  const told = headline(metrics).filter(({ suite, metric }) => shippedCatalogue.isHonesty(metric, suite));
  return told.find(({ suite }) => suite === leadingSuite(told))?.value ?? null;
}
