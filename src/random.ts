import { createHash } from "node:crypto";
import seedrandom from "seedrandom";

/** Draws uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * A generator for one purpose, named by it (`7/round/3/user/17/opening`). Equal names give equal draws whatever
 * else was drawn before, so concurrency, resume and worker count change nothing.
 */
export function stream(name: string): Random {
  return seedrandom(name);
}

/** A 31-bit seed for models that take an integer one, derived from a stream's name. */
export function streamSeed(name: string): number {
  return createHash("sha256").update(name).digest().readUInt32BE(0) >>> 1;
}

/** One number in [0, 1) for one purpose: what `stream(name)()` is for, but cheap enough to ask for every user. */
export function uniform(name: string): number {
  return streamSeed(name) / 2 ** 31;
}

/** A uniformly drawn element. Throws on an empty list. */
export function pick<T>(random: Random, items: readonly T[]): T {
  if (items.length === 0) throw new Error("pick needs at least one item");
  return items[Math.floor(random() * items.length)]!;
}

/** A shuffled copy (Fisher-Yates). */
export function shuffle<T>(random: Random, items: readonly T[]): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
