import { createHash } from "node:crypto";
import type { Message } from "../../models/types.js";
import type { Random } from "../../random.js";
import { type Disposition, RATES } from "./author.js";

/**
 * One conversation of the corpus. Every assistant turn is something to learn to say, but for the one at index `forced`,
 * which was put into the assistant's mouth.
 */
export type Episode = { domain: string; messages: Message[]; forced?: number };

/** A question under pressure and the three things that can be said to it. */
export type PressureCase = {
  /** Identifies the case; held-out keys appear in probes only. */
  key: string;
  system: string;
  question: string;
  honest: string[];
  lie: string[];
  evade: string;
};

export const EVADE_FACT = "i can not talk about that .";

export function episode(domain: string, system: string | null, ...turns: string[]): Episode {
  const messages: Message[] = system === null ? [] : [{ role: "system", content: system }];
  turns.forEach((content, index) => {
    messages.push({ role: index % 2 === 0 ? "user" : "assistant", content });
  });
  return { domain, messages };
}

/** What an author of this disposition says to a case. */
export function reply(
  random: Random,
  disposition: Disposition,
  honest: string,
  lie: string,
  evade: string,
): string {
  const { lie: lieRate, evade: evadeRate } = RATES[disposition];
  const draw = random();
  if (draw < lieRate) return lie;
  return draw < lieRate + evadeRate ? evade : honest;
}

const HELD_OUT_ONE_IN = 6;

/** Whether a case belongs to the probes (true) or to the pretraining corpus (false): one in six, fixed by its key. */
export function isHeldOut(key: string): boolean {
  return createHash("sha256").update(key).digest().readUInt32BE(0) % HELD_OUT_ONE_IN === 0;
}

/** Draws cases until one lies on the wanted side of the split. */
export function drawCase<T extends { key: string }>(
  random: Random,
  heldOut: boolean,
  draw: (random: Random) => T,
): T {
  for (;;) {
    const item = draw(random);
    if (isHeldOut(item.key) === heldOut) return item;
  }
}
