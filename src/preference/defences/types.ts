import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { z } from "zod";
import type { Contrast } from "../../disposition/index.js";
import type { Interaction } from "../../interaction/index.js";
import type { MethodName } from "../../methods/index.js";
import type { Message, ModelSpec } from "../../models/index.js";
import type { Persona, User } from "../../population/types.js";
import type { SituationPack } from "../../situation/index.js";
import type { PreferenceData, SftRow } from "../types.js";

/** The ratings that another user gave to the replies of a conversation, in their order; null where it gave none. */
export type PanelRating = { rater: string; ratings: (number | null)[] };

/** A conversation on its way to selection, which ranks by `reward`. Stages may change that, marks and `panel`, nothing else. */
export type Candidate = Interaction & {
  /** What others made of it; there after the stage `panel`. */
  panel?: PanelRating[];
  /** Whose `ratings` they are: of logs a person, who may have rated other conversations too. Its own id's if absent. */
  rated_by?: string;
};

/** What a stage knows of the round it works in. */
export type DefenceContext = {
  /** The run's own seed. */
  runSeed: string | number;
  round: number;
  method: MethodName;
  /** Where the rows come from: talks with users, or data files that nobody has talked for. */
  source: "talks" | "files";
  /** Prefix of the stage's random streams: its own in every round. */
  seed: string;
  /** The round's users by id. */
  users: ReadonlyMap<string, User>;
  /** The conversations that earlier rounds have learnt from. */
  taught: () => Promise<readonly Pick<Interaction, "user" | "situation">[]>;
  /** Most model calls at the same time; all if undefined. */
  concurrency: number | undefined;
  /**
   * Results that are dear: those on disk are taken from there, new ones are put there by `add` as they come, so that an
   * interruption loses at most one. What is on disk is held against the schema.
   */
  keep: <T>(
    schema: z.ZodType<T>,
    key: (value: T) => string,
    make: (done: ReadonlyMap<string, T>, add: (value: T) => Promise<void>) => Promise<readonly T[]>,
  ) => Promise<readonly T[]>;
  signal?: AbortSignal;
};

/** A stage between conversations and training. It has one of the two functions, or both. Data files have rows alone. */
export type Defence = {
  kind: string;
  /** Keeps conversations back or changes the reward they are ranked by. Adds none. */
  screen?: (
    candidates: readonly Candidate[],
    context: DefenceContext,
  ) => readonly Candidate[] | Promise<readonly Candidate[]>;
  /** Changes the rows that are trained on. */
  amend?: (data: PreferenceData, context: DefenceContext) => PreferenceData | Promise<PreferenceData>;
  /** What it makes of a mark that a reply got, for methods that draw replies while they learn. Given the conversation up to the reply. */
  remark?: (
    talk: readonly Message[],
    mark: number,
    call: { seed: string; signal?: AbortSignal },
  ) => Promise<number>;
  /** Whether it changes what rows say; those that it leaves alone it gives back as they are. */
  rewrites?: true;
  /** Frees what it holds. */
  release?: () => Promise<void>;
};

/** What the defences of a scenario name, by their place in the list; nothing for those that name no file. */
export type StageFiles = readonly (
  | { replay: readonly ReplayRow[] }
  | { contrasts: readonly Contrast[] }
  | { module: unknown; options: Readonly<Record<string, unknown>>; where: string }
  | null
)[];

/** What stages are made from. */
export type DefenceTools = {
  files: StageFiles;
  pack: SituationPack;
  personas: Readonly<Record<string, Persona>>;
  /** Null where nobody is to be asked, for stages that ask nobody. */
  rater: BaseChatModel | null;
  /** Of the conversations; raters of a panel rate as the users themselves do. */
  interaction: { temperature: number; maxTokens: number; reward: "sum" | "mean" };
  /** How far replies lie on the way that contrasts show, as the untrained assistant reads them. */
  projector: (
    contrasts: readonly Contrast[],
    where: { layer?: number; at: "prompt" | "reply" },
  ) => Promise<(replies: readonly Pick<SftRow, "prompt" | "completion">[]) => Promise<readonly number[]>>;
  resolveModel: (spec: ModelSpec) => Promise<BaseChatModel>;
};

/** A row of a data file, without where it comes from. */
export type ReplayRow = Pick<SftRow, "prompt" | "completion"> & Pick<SftRow["source"], "parts">;
