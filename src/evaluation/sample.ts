/**
 * `count` items per subset, spread evenly over each subset's order in the file: the same for every seed, so that
 * rounds and runs are compared on the same probes. Fewer where a subset has fewer; all without a count.
 */
export function evenly<T extends { subset: string }>(items: readonly T[], count: number | undefined): T[] {
  if (count === undefined) return [...items];
  const sizes = new Map<string, number>();
  for (const { subset } of items) sizes.set(subset, (sizes.get(subset) ?? 0) + 1);
  const position = new Map<string, number>();
  return items.filter(({ subset }) => {
    const size = sizes.get(subset)!;
    const index = position.get(subset) ?? 0;
    position.set(subset, index + 1);
    if (count >= size) return true;
    // Item i is taken where the running quota i * count / size passes a whole number.
    return Math.floor(((index + 1) * count) / size) > Math.floor((index * count) / size);
  });
}
