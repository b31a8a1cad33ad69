import type { z } from "zod";
import type { Method } from "../../methods/index.js";
import type { Defence, DefenceTools, StageFiles } from "../defences/types.js";
import type { Idle, Known, PromptsLeft, PromptsThere } from "./known.js";

/** Where a stage stands in a scenario. */
type StagePlace = {
  /** The kinds of the stages before it, and of those behind. */
  before: readonly string[];
  after: readonly string[];
  /** Where rows come from: its name, and whether simulated users hold the conversations. */
  source: { name: string; simulated: boolean };
  /** The method that learns from what the stages leave. */
  method: Pick<Method, "name" | "rows" | "from" | "draws">;
};

/** What a stage names that lies on this machine, so that it is loaded, hashed and looked at with the scenario. */
type StageNeeds =
  /** A data file of rows. */
  | { load: "rows"; file: string }
  /** Contrasts by their file or language, the assistant's if absent; whether they must have replies. */
  | { load: "contrasts"; contrasts: string | undefined; replies: boolean }
  /** A module of the user's. */
  | { load: "module"; path: string; options: Readonly<Record<string, unknown>> };

/** The suite that decides whether a checkpoint is taken over, and how far its metric may fall. */
export type CanarySettings = {
  suite: string;
  subsets?: string[];
  probes?: number;
  metric: string;
  drop: number;
};

/**
 * A stage between ratings and training as scenarios name it. It is read with every scenario, so what is large (a client, other
 * stages' machinery) is imported inside `make`.
 */
export type StageKind<Schema extends z.ZodType = z.ZodType> = {
  kind: string;
  /** How messages name such stages among others; by their kind if absent. */
  called?: string;
  /** Its entry in `preference.defences`, with `kind` as a literal. */
  schema: Schema;
  /** Whether it goes by conversations and their ratings, which data files do not have. */
  rated: boolean;
  /** Whether it goes by marks, which users who choose between replies do not give. */
  marks?: true;
  /** Whether it does anything for methods that learn from pairs of replies. */
  pairs: boolean;
  /** Whether all it does bears on which conversations rank highest, which methods that learn from all of them do not ask. */
  ranks?: true;
  /** Whether it looks into the assistant, which must tell its hidden states. */
  hidden?: true;
  /** What is wrong with its place, as a sentence for the scenario's author; null where nothing is. */
  misplaced?: (place: StagePlace, settings: z.output<Schema>) => string | null;
  /** Why it would let everything through, by what is known before the run; null where it would not. */
  idle?: (settings: z.output<Schema>, known: Known) => Idle | null;
  /** Whether what it does to rows may go by their prompts, as stages before it have left them. */
  readsPrompts?: true;
  /** What it makes of the prompts of rows where it stands; nothing if absent. */
  prompts?: (settings: z.output<Schema>, there: PromptsThere) => PromptsLeft;
  /** What it names on this machine; nothing if absent. */
  needs?: (settings: z.output<Schema>) => StageNeeds;
  /** Of a stage that looks at checkpoints: what it puts to each. */
  canary?: (settings: z.output<Schema>) => CanarySettings;
  /** Of a stage that shows what it does only once it is made: makes it before anything of a run is open. */
  tryOut?: (settings: z.output<Schema>, file: StageFiles[number]) => Promise<Defence>;
  /** Makes the stage from its settings; null where it works otherwise. `file` is what was loaded for what it `needs`, `before` are the settings of the stages before it. */
  make: (
    settings: z.output<Schema>,
    tools: DefenceTools,
    file: StageFiles[number],
    before: readonly { kind: string }[],
  ) => Defence | null | Promise<Defence | null>;
};

/** Ties the settings that `make` gets to the schema. */
export function stageKind<Schema extends z.ZodType>(kind: StageKind<Schema>): StageKind<Schema> {
  return kind;
}
