import type { z } from "zod";
import type { behaviourSchema } from "../scenario/population-schema.js";

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
export type Behaviour = z.output<typeof behaviourSchema>;

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
};
