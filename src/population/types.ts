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
};
