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

/** Situations and the prompts that stage them. */
export type SituationPack = {
  name: string;
  /** What it is written in; absent where the pack does not say. */
  language?: string;
  situations: readonly Situation[];
  prompts: {
    /** System prompts of the three roles. */
    assistant: (user: User, persona: Persona) => string;
    user: (user: User, persona: Persona) => string;
    rater: (user: User, persona: Persona) => string;
    /** The conversation so far (without a system message) as a rater is shown it. */
    transcript: (messages: readonly Message[]) => string;
  };
  /** Lowest and highest rating there is. */
  scale: { min: number; max: number };
  /** The number in a rater's reply, or null if there is none. */
  readRating: (reply: string) => number | null;
};
