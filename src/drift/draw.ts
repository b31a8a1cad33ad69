import { bulkDraws } from "./bulk-draws.js";
import type { Effect } from "./effect.js";
import { isConstant } from "./interval.js";

/**
 * Draws of several effects at once, each around its value: what else an experiment of this size could have shown. The
 * same seeds and probes are drawn for all effects, so whatever they share cancels in differences between them. All must
 * be of one frame. Returns one array of `draws` numbers per effect.
 *
 * Probes are resampled with replacement. Seeds are not: with three there are ten resamples, and percentiles of them cover
 * the truth in some 80 % of experiments instead of 95. Instead each seed's deviation gets a normal weight, and the sum is
 * divided by √(χ²/df) with df = seeds − 1, which makes a single effect's seed part exactly Student's t and several
 * effects' jointly multivariate t with the seeds' own correlation. docs/statistics.md has the coverage of both.
 */
export function draw(effects: readonly Effect[], name: string, draws: number): Float64Array[] {
  const out = effects.map(() => new Float64Array(draws));
  const first = effects[0];
  if (!first) return out;
  // Where all seeds and probes agree every draw is the value: of few probes that is most of what there is.
  const varying: number[] = [];
  for (const [k, effect] of effects.entries())
    if (isConstant(effect)) out[k]!.fill(effect.value);
    else varying.push(k);
  if (varying.length === 0) return out;
  const random = bulkDraws(name);
  const P = first.byProbe.length;
  const S = first.bySeed.length;
  // No probe effect left (or none to begin with) means no sum to form.
  const moved = effects.map((effect) => effect.probeVariance > 0);
  const chance = effects.map(({ byChance, restVariance }) => (byChance ? Math.sqrt(restVariance) : 0));
  const counts = new Float64Array(P);
  const weights = new Float64Array(S);
  const shrink = new Float64Array(S + 1);

  for (let index = 0; index < draws; index += 1) {
    counts.fill(0);
    for (let i = 0; i < P; i += 1) counts[random.below(P)]! += 1;
    let chiSquare = 0;
    for (let s = 0; s < S; s += 1) {
      weights[s] = random.normal();
      // shrink[k]: the factor that makes k seeds' normal sum a t with k − 1 degrees of freedom.
      if (s > 0) {
        chiSquare += random.normal() ** 2;
        shrink[s + 1] = 1 / Math.sqrt(chiSquare / s);
      }
    }
    const luck = random.normal();
    for (const k of varying) {
      const effect = effects[k]!;
      const bySeed = dot(weights, effect.bySeed) * shrink[effect.seeds]!;
      const byProbe = moved[k] ? dot(counts, effect.byProbe) : 0;
      out[k]![index] = effect.value + bySeed + luck * chance[k]! + byProbe;
    }
  }
  return out;
}

function dot(one: Float64Array, other: Float64Array): number {
  // Four sums: one would wait for each addition before the next.
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = one.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a += one[i]! * other[i]!;
    b += one[i + 1]! * other[i + 1]!;
    c += one[i + 2]! * other[i + 2]!;
    d += one[i + 3]! * other[i + 3]!;
  }
  for (let i = whole; i < one.length; i += 1) a += one[i]! * other[i]!;
  return a + b + c + d;
}
