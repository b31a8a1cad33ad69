/** Things that have a key in common, in the order of the first of each. */
export function group<T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const before = groups.get(key);
    if (before) before.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
