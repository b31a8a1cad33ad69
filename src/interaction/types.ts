import type { Message } from "../models/types.js";

/** A conversation between one user and the assistant, with the user's rating of every assistant reply. */
export type Interaction = {
  /** Unique within a run; the user's id. */
  id: string;
  round: number;
  /** Who it is: the same in every round that somebody comes to, or else the user's id. */
  user: string;
  persona: string;
  situation: string;
  /** Never to be learnt from. */
  held_out?: true;
  /** From the assistant's point of view: system, user, assistant, user, assistant … */
  messages: Message[];
  /** Places in `messages` of turns that were broken off, most by `max_tokens`; absent where none was. */
  cut?: number[];
  /** Those of them that a server's filter broke off; absent where it was none. */
  filtered?: number[];
  /** One rating per assistant reply, in [1, 10]; null where the rater gave none that could be read. */
  ratings: (number | null)[];
  /** What the rater model said before the persona's behaviour changed or withheld it; absent where there is none. */
  raw_ratings?: (number | null)[];
  /** Of users who choose between two replies to each turn and give no marks: 0 for the one given, 1 for the other, null for neither. */
  choices?: (0 | 1 | null)[];
  /** How likely the user was to prefer the reply that was given, where it was asked; null where it was not or said neither. */
  preferred?: (number | null)[];
  /** Why the user gave a reply its mark, in its words, for each reply; null where it does not say. Absent where nobody was asked. */
  reasons?: (string | null)[];
  /** What the user made of a reply, for each reply: its own text in place of it; null where it left it. Absent where nobody edits. */
  edits?: (string | null)[];
  /**
   * Further replies to the same turns, sampled and rated but never given: a list for each assistant reply. Absent where one
   * reply is sampled a turn.
   */
  alternatives?: Alternative[][];
  /** Sum of the ratings (paper, section 3), null if any is missing; or their mean, null if all are. */
  reward: number | null;
  /** Why the interaction is unusable, if it is: an empty reply, a model that failed. Never counted as a rating of 0. */
  error: string | null;
};

/** A reply that the user rated without the conversation going on from it. */
export type Alternative = {
  content: string;
  /** Whether it was broken off. */
  cut?: true;
  /** Whether it was a server's filter that broke it off. */
  filtered?: true;
  rating: number | null;
  /** What the rater model said, where the persona's behaviour changed or withheld it. */
  raw_rating?: number | null;
};
