import { addStray } from "./blocks.js";
import type { Contrast } from "./contrast.js";
import { draw } from "./draw.js";
import type { Effect } from "./effect.js";
import { tQuantile } from "./student.js";

/** A contrast with the effect that it tests. */
export type Repeated = { contrast: Contrast; effect: Effect };

/**
 * In which repetitions of the experiment, drawn around what it found, each contrast would show a drop: by the same test as
 * `contrasts`, of a family with `family` secondary members. `sign` is 1 where harm is a lower value and −1 where it is a
 * higher one. Gives one array of `draws` numbers per contrast, 1 where the drop is detected.
 */
export function detectedAgain(
  all: readonly Repeated[],
  { family, sign, draws }: { family: number; sign: 1 | -1; draws: number },
): Uint8Array[] {
  const drawn = draw(
    all.map(({ effect, contrast }) => seedsOnly(effect, contrast)),
    "drift/pooled",
    draws,
  );
  const shared = all.map(({ contrast }) => (contrast.variance === "pooled" ? contrast.se ** 2 : 0));
  const freedom = all.find(({ contrast }) => contrast.variance === "pooled")?.contrast.df ?? 0;
  addStray(drawn, shared, freedom, "drift/dose");

  const out = all.map(() => new Uint8Array(draws));
  const critical = all.map(({ contrast }) => criticals(contrast.df, family));
  const testable = all.map(({ contrast }) => contrast.seeds > 1);
  const secondary = all.flatMap(({ contrast }, index) => (contrast.role === "secondary" ? [index] : []));
  const distance = new Float64Array(all.length);
  for (let i = 0; i < draws; i += 1) {
    for (let k = 0; k < all.length; k += 1)
      distance[k] = (-sign * drawn[k]![i]!) / Math.max(all[k]!.contrast.se, Number.MIN_VALUE);
    all.forEach(({ contrast: { role } }, k) => {
      if (role === "primary" && testable[k] && distance[k]! > critical[k]![1]!) out[k]![i] = 1;
    });
    // Holm's steps, furthest from 0 first.
    const order = [...secondary].sort((a, b) => Math.abs(distance[b]!) - Math.abs(distance[a]!));
    for (const [step, k] of order.entries()) {
      if (Math.abs(distance[k]!) <= critical[k]![family - step]!) break;
      if (testable[k] && distance[k]! > 0) out[k]![i] = 1;
    }
  }
  return out;
}

/** The effect as `contrasts` tests it: other seeds, the same probes. */
function seedsOnly(effect: Effect, { variance, se }: Contrast): Effect {
  const none = new Float64Array(effect.bySeed.length);
  if (variance === "pooled") return { ...effect, probeVariance: 0, bySeed: none, byChance: false };
  // One seed, or seeds that agree more closely than chance: as far as the contrast's own error goes.
  if (variance === "probes" || effect.byChance)
    return { ...effect, probeVariance: 0, bySeed: none, byChance: true, restVariance: se ** 2 };
  return { ...effect, probeVariance: 0 };
}

/** By the number of members left: how many standard errors a member must lie from 0. */
function criticals(df: number, family: number): Float64Array {
  return Float64Array.from({ length: Math.max(2, family + 1) }, (_, open) =>
    open === 0 ? 0 : tQuantile(1 - 0.025 / open, df),
  );
}
