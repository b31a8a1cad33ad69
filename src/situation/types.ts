import type { Message } from "../models/types.js";
import type { Persona, User } from "../population/types.js";

/** A concrete person in a situation, and how they may begin the talk under each thought. */
export type SituationUser = {
  /** In the third person. */
  background: string;
  /** First messages, in the first person. */
  openings: { benign: string[]; biased: string[] };
};

/** What the talk is about. */
export type Situation = {
  id: string;
  /** Coarser than the situation; probes share no topic with the training chats. */
  topic: string;
  /** What happened to the user. */
  task: string;
  /** What a benign user wants to hear. */
  benign: string;
  /** What a biased user wants to hear. */
  biased: string;
  users: SituationUser[];
};

/** Variables of the three system prompts; all are text. `memory` is empty for users who come for the first time. */
export const promptVariables = [
  "background",
  "thought",
  "task",
  "topic",
  "style",
  "rating",
  "memory",
] as const;

/** What a system prompt may tell of a user. `thought` is the wish: what the user wants to hear. */
export type PromptPart = (typeof promptVariables)[number];

/** Situations and the prompts that stage them. */
export type SituationPack = {
  name: string;
  /** What it is written in; absent where the pack does not say. */
  language?: string;
  situations: readonly Situation[];
  prompts: {
    /** System prompts of the three roles. */
    /** As if there were nothing to tell of what `without` names. */
    assistant: (user: User, persona: Persona, without?: readonly PromptPart[]) => string;
    user: (user: User, persona: Persona) => string;
    rater: (user: User, persona: Persona) => string;
    /** The conversation so far (without a system message) as a rater is shown it. */
    transcript: (messages: readonly Message[]) => string;
  };
  /** What the assistant's prompt tells of the user, and whether it says how it reads without that. */
  assistantParts: readonly { part: PromptPart; optional: boolean }[];
  /** A system prompt from a template of its own, with the variables of the pack's. */
  promptFrom: (template: string) => (user: User, persona: Persona) => string;
  /** Lowest and highest rating there is. */
  scale: { min: number; max: number };
  /** Whether a reply says what the biased thought wants to hear; absent where only a reader could say. */
  obliges?: (reply: string) => boolean;
  /** The number in a rater's reply, or null if there is none. */
  readRating: (reply: string) => number | null;
};
