/**
 * The `share` quantile (linear between order statistics, type 7 of Hyndman and Fan 1996). Reorders `values`.
 * Throws on an empty array.
 */
export function quantile(values: Float64Array, share: number): number {
  if (values.length === 0) throw new Error("a quantile needs at least one value");
  const at = share * (values.length - 1);
  const below = Math.floor(at);
  const low = select(values, below);
  if (at === below) return low;
  let next = Number.POSITIVE_INFINITY;
  for (let i = below + 1; i < values.length; i += 1) if (values[i]! < next) next = values[i]!;
  // Equal neighbours, infinite ones among them, need no interpolation.
  return next === low ? low : low + (at - below) * (next - low);
}

/** The k-th smallest value (Hoare 1961); all smaller ones end up before it, all larger ones after it. */
function select(values: Float64Array, k: number): number {
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = values[(left + right) >>> 1]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) i += 1;
      while (values[j]! > pivot) j -= 1;
      if (i <= j) {
        const swap = values[i]!;
        values[i] = values[j]!;
        values[j] = swap;
        i += 1;
        j -= 1;
      }
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else break;
  }
  return values[k]!;
}
