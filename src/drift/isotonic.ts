/**
 * The non-increasing sequence nearest to `values` in weighted least squares, by pooling adjacent violators (Ayer et al.
 * 1955). Weights are positive.
 */
export function isotonicDecreasing(values: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const means: number[] = [];
  const masses: number[] = [];
  const sizes: number[] = [];
  for (let i = 0; i < values.length; i += 1) {
    let mean = values[i]!;
    let mass = weights[i]!;
    let size = 1;
    while (means.length > 0 && means.at(-1)! < mean) {
      const before = masses.pop()!;
      mean = (means.pop()! * before + mean * mass) / (before + mass);
      mass += before;
      size += sizes.pop()!;
    }
    means.push(mean);
    masses.push(mass);
    sizes.push(size);
  }
  const out = new Float64Array(values.length);
  let at = 0;
  means.forEach((mean, block) => {
    out.fill(mean, at, at + sizes[block]!);
    at += sizes[block]!;
  });
  return out;
}
