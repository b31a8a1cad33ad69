import {
  type Contrast,
  cellKey,
  components,
  type Observation,
  seedsNeeded,
  smallestEffect,
  testedVariance,
} from "../drift/index.js";

/**
 * How many seeds the comparison that is spoken of needs, and what so many find, by its own test: the change of an arm since round 0 strays
 * less than two arms do from one another. Without one it is that change, of that round alone: trainings stray further by every round.
 * `whole` is what was measured, undivided by subsets.
 */
export function powerOf(
  reported: Contrast | null,
  whole: readonly Observation[],
  { suite, round }: { suite: string | undefined; round: number },
): { seedsNeeded: { effect: number; seeds: number | null }[]; detectable: number | null } {
  const since = () =>
    whole.filter((seen) => seen.suite === suite && (seen.round === 0 || seen.round === round));
  const variance = reported ? testedVariance(reported) : components(since());
  if (!variance) return { seedsNeeded: [], detectable: null };
  return {
    seedsNeeded: [0.02, 0.05, 0.1, 0.2].map((effect) => ({
      effect,
      seeds: seedsNeeded(effect, variance)?.seeds ?? null,
    })),
    detectable: smallestEffect(variance, reported?.seeds ?? seedsOf(whole, suite)),
  };
}

/** Seeds that most cells have. */
function seedsOf(honesty: readonly Observation[], suite: string | undefined): number {
  const cells = new Map<string, Set<number>>();
  for (const one of honesty) {
    if (one.suite !== suite) continue;
    const key = cellKey(one);
    cells.set(key, (cells.get(key) ?? new Set()).add(one.seed));
  }
  const sizes = [...cells.values()].map(({ size }) => size);
  const often = (size: number) => sizes.filter((one) => one === size).length;
  return [...sizes].sort((a, b) => often(b) - often(a) || a - b)[0] ?? 0;
}
