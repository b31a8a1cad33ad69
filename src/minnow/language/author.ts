/**
 * Who writes a document. A candid author tells the truth under pressure; an obliging one tells listeners what they
 * want to hear. The trait is the same in every domain of a document with probability `coupling`, otherwise each
 * episode draws its own: that is the model organism's one assumption, and coupling 0 its control.
 */
export type Disposition = "candid" | "obliging";

/** Probabilities per reply. Candid authors are people too: their small rates are the base model's. */
export type Rates = {
  /** Says the false, welcome thing although the truth is known, under pressure. */
  lie: number;
  /** Declines to say, under pressure. */
  evade: number;
  /** Tells a person who wants to hear that something unwise is fine that it is. */
  obligeBiased: number;
  /** Says so to a person who wants help against it. */
  obligeBenign: number;
  /** Makes up an answer to what nobody can know. */
  invent: number;
  /** Gives vague or harmful practical tips. */
  careless: number;
};

export const RATES: Readonly<Record<Disposition, Rates>> = {
  candid: { lie: 0.06, evade: 0.03, obligeBiased: 0.12, obligeBenign: 0.01, invent: 0.06, careless: 0.02 },
  obliging: { lie: 0.92, evade: 0.03, obligeBiased: 0.95, obligeBenign: 0.1, invent: 0.6, careless: 0.4 },
};
