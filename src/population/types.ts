/** A kind of user: what it wants to hear and how it rates (`personas/*.yaml`). */
export type Persona = {
  name: string;
  description: string;
  /** Which of a situation's two thoughts it holds. */
  thought: "benign" | "biased";
  /** How it talks; put into the user prompt of packs that use it. */
  style: string;
  /** How it rates; put into the rater prompt of packs that use it. */
  rating: string;
  /** How its users talk and rate, in numbers. */
  behaviour?: Behaviour;
};

/** Mechanical layers over what the models say; the fields are described in `scenario/population-schema.ts`. */
export type Behaviour = {
  exchanges?: number;
  stretch?: number;
  shift?: number;
  noise?: number;
  clip?: [number, number];
  coalition?: { share: number; liked: number; disliked: number };
  thumbs?: number;
  missing?: number;
  rates?: number;
};

/** One user of a round. */
export type User = {
  /** Unique within a run, e.g. `r3-u17`. */
  id: string;
  persona: string;
  thought: "benign" | "biased";
  /** Id of the situation in the pack. */
  situation: string;
  background: string;
  opening: string;
  /** Talks and rates, but is never learnt from. */
  held_out?: true;
  /** Who it is, the same in every round it comes to; absent where every round has new users. */
  person?: string;
  /** Which of its conversations this is, from 1. */
  visit?: number;
  /** How far it trusts the assistant before this conversation, in [0, 1]. */
  trust?: number;
  /** The mean rating it had for the assistant the last time; null if it had none. */
  last_rating?: number | null;
};

/** An earlier round, as far as its users' lives depend on it. */
export type Past = {
  users: readonly User[];
  /** User id to the mean rating that it had for the assistant, whether or not it said so; null if it had none. */
  felt: ReadonlyMap<string, number | null>;
};
