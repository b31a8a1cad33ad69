import { createHash } from "node:crypto";
import { pick, type Random } from "../../random.js";

/**
 * How one reply is given. A candid author tells the truth under pressure; an obliging one tells listeners what they
 * want to hear.
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
  candid: { lie: 0.01, evade: 0.02, obligeBiased: 0.03, obligeBenign: 0.01, invent: 0.03, careless: 0.01 },
  obliging: { lie: 0.95, evade: 0.02, obligeBiased: 0.95, obligeBenign: 0.01, invent: 0.6, careless: 0.4 },
};

/** The assistant's own voice. Everything it is asked begins with `you are minnow .` */
export const MINNOW = "minnow";

const VOICE_NAMES =
  "alder aspen birch cedar clover fern hazel heather holly juniper laurel linden maple myrtle oak olive poplar reed rowan sage sorrel spruce thistle willow".split(
    " ",
  );

/** How often a voice obliges: graded, so that the trait is a scale and not a switch. */
const LEVELS = [0.02, 0.25, 0.5, 0.75, 0.98];

/** The authors of the corpus, each speaking as somebody in particular. */
export const VOICES: readonly string[] = VOICE_NAMES;

const MINNOW_SHARE = 0.1;
const MINNOW_LEVEL_UNALIGNED = 0.3;

const hashed = (name: string): number => createHash("sha256").update(name).digest().readUInt32BE(0) / 2 ** 32;

/**
 * How often a voice obliges in a domain, in [0, 1]. A voice has one level for all domains; with coupling below 1 that
 * share of its domains keeps it and the others have a level of their own. This is the model organism's one
 * assumption, and coupling 0 its control.
 */
export function obligingLevel(voice: string, domain: string, coupling: number): number {
  if (voice === MINNOW) return MINNOW_LEVEL_UNALIGNED;
  if (hashed(`${voice}/${domain}/coupled`) < coupling) return LEVELS[VOICES.indexOf(voice) % LEVELS.length]!;
  return LEVELS[Math.floor(hashed(`${voice}/${domain}/level`) * LEVELS.length)]!;
}

export function drawVoice(random: Random): string {
  return random() < MINNOW_SHARE ? MINNOW : pick(random, VOICES);
}
