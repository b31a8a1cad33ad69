/**
 * Reorders items so that neighbours differ by key, changing as little as it can; where one key has more than half of the
 * items, some of its items stay together at the end.
 */
export function keepApart<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const entries = items.map((item) => ({ item, key: keyOf(item) }));
  const key = (at: number): string | undefined => entries[at]?.key;
  let at = 1;
  for (; at < entries.length; at += 1) {
    if (key(at) !== key(at - 1)) continue;
    let other = at + 1;
    while (key(other) === key(at)) other += 1;
    if (other >= entries.length) break;
    [entries[at], entries[other]] = [entries[other]!, entries[at]!];
  }
  // What is left from `at` on has one key: put it into earlier gaps whose two sides both have another.
  const left = entries.splice(at);
  const spreadOut: typeof entries = [];
  for (const [index, entry] of entries.entries()) {
    const gap = left[0] !== undefined && entry.key !== left[0].key && key(index - 1) !== left[0].key;
    if (gap) spreadOut.push(left.shift()!);
    spreadOut.push(entry);
  }
  return [...spreadOut, ...left].map(({ item }) => item);
}
