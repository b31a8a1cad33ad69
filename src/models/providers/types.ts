import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Permissions } from "../../permissions/index.js";
import type { Traffic, TrafficChatModel } from "../limits/index.js";
import type { ModelFields } from "./schema.js";

/** A model by its parts: `hf:smollm2` has the prefix `hf` and the rest `smollm2`; `fields` are those of a scenario. */
export type NamedModel = { name: string; rest: string; fields: ModelFields };

/** Where an embedded model lies: a checkpoint's folder, and an adapter's if the name meant one. */
export type ModelFolders = { checkpoint: string; adapter: string | null };

/** What a provider says of one of its models before it is opened. */
export type ModelDescription = {
  /** Of the shipped probes that it is asked: `minnow` or `english`, or another that probes are there in. */
  language: string;
  /** Longest conversation in tokens; null where only its server knows. */
  contextLength: number | null;
  /** Its name in price files and for others who know it; null for what costs nothing. */
  priceName: string | null;
  /** Whether it tells how likely it is to give a reply; `asked` where that is known once it is. */
  scores: "yes" | "no" | "asked";
  /** Whether it can be given the adapter of a later round. */
  takesAdapters: boolean;
};

export type OpenContext = {
  /** Folder of a LoRA adapter to put on the model, from a later round; null for the model as it is. */
  adapter: string | null;
  /** Threads of the embedded engine. */
  threads?: number;
  /** For what the model is asked: assistant, user, rater, judge. */
  role: string;
  /** Limits and usage log for models that are not embedded. */
  traffic: Traffic;
  /** What the user lets a model do that a stranger may have named: run code, open a checkpoint anywhere. */
  permissions: Permissions;
};

/** What MASK gives the models that it was made for. */
export const MASK_REPLY = 1_000;

/**
 * Where chat models come from. A provider is one file and one line in the registry; `test/models/provider-contract.ts` holds all of
 * them to what is said here. Its module is loaded with every scenario, so what is large is imported where it is used.
 */
export type Provider = ProviderFacts & (InProcess | Outside);

/** On the embedded engine, in this process. */
export type InProcess = { embedded: true; open: Open<BaseChatModel> };

/**
 * Anywhere else, other code in this process included. Its models are those that `context.traffic.wrap` gives, so that each is
 * interrupted, tried again, limited, counted and kept like the others.
 */
type Outside = { embedded: false; open: Open<TrafficChatModel> };

/**
 * Opens a model; who opens it ends it with `releaseModel`. Throws a UserError where that cannot be. An adapter is given to models
 * that take none as well, so that their provider can say why not; whether it does or not, the model is then refused.
 */
type Open<Model extends BaseChatModel> = (model: NamedModel, context: OpenContext) => Promise<Model>;

export type ProviderFacts = {
  /** What its models' names begin with, up to the colon. */
  prefix: string;
  /** How its models are named, for people: `hf:<checkpoint folder>`. The first one is the shortest. */
  forms: readonly [string, ...string[]];
  /** Whether the prefix alone is a model. */
  bare: boolean;
  /** Names of the fields that its models take beside `model`. */
  fields: readonly (keyof ModelFields)[];
  /** Longest reply to a probe in tokens where nobody says another: enough for its models to come to an end. */
  longestReply: number;
  /**
   * The file or folder on this machine that a model's name leads to; null where it is not on this machine. Throws a UserError where
   * there can be no such model.
   */
  path: (rest: string) => string | null;
  /** Throws a UserError where the name or its fields lead nowhere. */
  describe: (model: NamedModel, permissions: Permissions) => Promise<ModelDescription>;
};
