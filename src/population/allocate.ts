import type { Fractions } from "../scenario/index.js";

/** Remainders closer than this are equal: decimal fractions such as 0.1 are not exact in binary. */
const grain = 1e-7;

/**
 * How many of `size` users each persona gets, exactly: the largest remainders round up, ties go to the persona declared
 * first. The counts sum to `size`. Fractions must sum to 1 (to a relative 1e-6), as `loadScenario` has checked.
 */
export function allocate(size: number, fractions: Fractions): Record<string, number> {
  const shares = resolveRest(fractions);
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
  const parts = Object.entries(shares).map(([name, share]) => {
    const quota = (share / total) * size;
    const count = Math.floor(quota);
    return { name, count, remainder: Math.round((quota - count) / grain) };
  });
  const missing = size - parts.reduce((sum, { count }) => sum + count, 0);
  // Array.prototype.sort is stable, which is what gives ties to the one declared first.
  const inTurn = [...parts].sort((a, b) => b.remainder - a.remainder);
  for (const part of inTurn.slice(0, missing)) part.count += 1;
  return Object.fromEntries(parts.map(({ name, count }) => [name, count]));
}

/** Fractions with `rest` as a number, rounded so that 1 - 0.9 is 0.1. */
export function resolveRest(fractions: Fractions): Record<string, number> {
  const given = Object.values(fractions).reduce<number>((sum, part) => sum + (part === "rest" ? 0 : part), 0);
  const rest = Number(Math.max(0, 1 - given).toFixed(12));
  return Object.fromEntries(
    Object.entries(fractions).map(([name, part]) => [name, part === "rest" ? rest : part]),
  );
}
