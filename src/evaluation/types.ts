import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Place } from "../mistakes.js";
import type { Message } from "../models/types.js";
import type { SuiteInfo } from "./describe.js";
import type { Reading } from "./files/probes.js";
import type { NumberRange } from "./range.js";

/** One model call made for a probe, kept so that a person can check the verdict. */
export type Sample = {
  purpose: string;
  messages: Message[];
  reply: string;
  /** Whether the reply was broken off, most by `max_tokens`: what is judged is then its beginning. */
  cut?: true;
  /** Whether it was the server's filter that broke it off. */
  filtered?: true;
  judged: string;
  /** Of a closed question: the probability of each answer among them, and of any of them at all. */
  answers?: { text: string; probability: number }[];
  mass?: number;
};

/** What became of one probe. */
export type ProbeResult = {
  suite: string;
  subset: string;
  probe: string;
  /** The suite's own word: honest, lie, evade, no_belief, deceptive, declined, correct, out_of_format, error … */
  verdict: string;
  /**
   * The probe's contribution to each metric, in [0, 1]; a metric the probe does not count for is absent. A metric's
   * value is the plain mean over the probes that have it.
   */
  scores: Record<string, number>;
  samples: Sample[];
  error: string | null;
  /** What the model believed; null for none, absent where nothing was held against a belief. */
  belief?: Stance | null;
  /** Name of the pair of probes of opposite truth that it belongs to. */
  pair?: string;
};

/**
 * What a statement says of a proposition: it `supports` it, `denies` it, `declines` to say, or is `unclear` (it contradicts
 * itself, or is about something else).
 */
export type Label = "supports" | "denies" | "declines" | "unclear";

/** What a judge decides of a statement: a label, or a number for propositions that ask for one; `error` where it failed, which is never a good answer. */
export type Judgement = Stance & {
  /** Of a judge that reads candidates: every stance that they take, with its probability; they sum to 1. */
  spread?: readonly (Stance & { probability: number })[];
  /** For people: why. */
  detail: string;
};

export type Stance = { label: Label | "number" | "error"; value?: number; range?: NumberRange };

/** What a judge is shown. It never sees the ground truth. `rules` are a closed language's phrases. */
export type JudgeRequest = {
  proposition: string;
  /** The reply to judge; empty for a judge that reads candidates. */
  statement: string;
  numeric: boolean;
  rules?: JudgeRules;
  /** What the statement replies to, for a judge that can read it: a short reply means nothing without its question. */
  context?: JudgeContext;
  /** What could be said, for a judge that reads candidates, with the chat that it would be said in. */
  candidates?: readonly CandidateReply[];
  asked?: { model: BaseChatModel; messages: readonly Message[] };
  /** Name of the random stream of a judge that samples. */
  seed?: string;
  signal?: AbortSignal;
};

/** The chat behind a statement, with both readings of its proposition. */
export type JudgeContext = {
  /** A direct answer to a neutral question, one to the same in other words, a reply under pressure, or one after a forced reply. */
  task: "belief" | "check" | "statement" | "doubling_down";
  chat: readonly Message[];
  /** Null where the proposition asks for a number. */
  readings: { A: string; B: string } | null;
  archetype: string;
  /** All replies to the chat, the statement among them, to be read as one. */
  replies?: readonly string[];
};

/**
 * Phrases that decide a statement in a closed language: any phrase of a label present gives it; phrases of several labels
 * make it unclear. `number`: a regular expression whose first group is the number.
 */
export type JudgeRules = { supports?: string[]; denies?: string[]; declines?: string[]; number?: string };

/** A statement that a probe's file foresees, with what it says of the proposition: a label, or a number. */
export type CandidateReply = { text: string; label?: Exclude<Label, "unclear">; value?: number };

export type Judge = {
  /** What it decides by: a sampled reply, or the probabilities that the model under test gives to candidate statements. */
  reads: "reply" | "candidates";
  /** What every probe's file must offer for it; nothing if absent. */
  needs?: "rules" | "candidates";
  /** Whether it is a chat model. */
  isModel?: boolean;
  /** The chat model itself, for suites that ask it in their own words. */
  model?: BaseChatModel;
  /** A failure is a judgement with the label `error`, or thrown; never a good answer. */
  judge: (request: JudgeRequest) => Promise<Judgement>;
  /** Frees the judge's own model, if it has one. */
  release?: () => Promise<void>;
};

/** A judge that is no model, as scenarios name it. */
export type NamedJudge = {
  name: string;
  /** What it decides by, for a report's methods. */
  by: string;
  judge: Judge;
};

export type EvaluationContext = {
  model: BaseChatModel;
  judge: Judge;
  /** Prefix of the random streams, e.g. `7/evaluation`; the same in all rounds, so that rounds differ by the model alone. */
  seed: string;
  /** Most probes put at the same time; all if absent. */
  concurrency?: number;
  /** Results of round 0 by `suite/probe`: what was believed before any training. */
  first?: ReadonlyMap<string, ProbeResult>;
  /** Results of an interrupted evaluation by `suite/probe`, not to be asked for again. */
  done?: ReadonlyMap<string, ProbeResult>;
  /** Told of every new result as it comes, to be written to disk. */
  onResult?: (result: ProbeResult) => void | Promise<void>;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
};

/** A suite before its probes are loaded: what it says of itself, and how it opens a file of probes. */
export type SuiteKind = SuiteInfo & {
  /** Fields that a row of its files may have, by which such a file is told; absent where it does not say. */
  fields?: readonly string[];
  /** Throws a UserError if the file is missing or malformed, or a setting names what is not there. */
  open: (settings: SuiteSettings) => Suite;
};

/** An honesty (or capability) test: a fixed list of probes and how each is put and judged. */
export type Suite = {
  name: string;
  /**
   * `texts` is what a probe says to the model, in pieces: none of it may stand in a training row. `unsaid` are those of them that it only
   * asks about, such as the claim that is true or not. `besides` is what else the model reads, such as a system prompt: many
   * probes share it, and training rows may hold it. `phrases` are looked for in its replies, or weighed as those.
   */
  probes: readonly {
    id: string;
    subset: string;
    texts: readonly string[];
    unsaid?: readonly string[];
    besides?: readonly string[];
    phrases?: readonly string[];
  }[];
  /** What it says of itself; taken from its kind. */
  info?: SuiteInfo;
  /** What every probe offers judges that are no models. */
  offers: {
    rules: boolean;
    candidates: boolean;
    /** True where no probe can offer them any: its probes are judged by a rubric. */
    modelsAlone?: true;
  };
  /** What came of reading its files. */
  reading?: Reading;
  /** Where its probes stand, by id, as far as that is known. */
  places?: ReadonlyMap<string, Place>;
  run: (context: EvaluationContext) => Promise<ProbeResult[]>;
};

/** What a scenario says about a suite, with the defaults filled in. */
export type SuiteSettings = {
  /** File of the suite's probes, a folder of them, or several. */
  file: string | readonly string[];
  /** Probes per subset, spread evenly over the file; all if absent. */
  probes?: number;
  /** Subsets to put; all if absent. */
  subsets?: readonly string[];
  temperature: number;
  /** Longest reply in tokens. */
  maxTokens: number;
  /** The part of the probes to put: those for tuning, those held back, or both; both if absent. */
  split?: "tune" | "test" | "all";
  /** What else the suite knows of, under its own names. */
  options?: Readonly<Record<string, unknown>>;
};
