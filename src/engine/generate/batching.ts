/** Rows that run as one step: neighbours in length, so that little is padded. */
export type Group<T> = { items: T[]; length: number };

/**
 * Groups items by length for prefilling: at most `tokens` padded tokens and `rows` rows a group (a single longer item
 * stands alone), and no item under three quarters of its group's longest, short ones aside.
 */
export function groupByLength<T>(
  items: readonly T[],
  lengthOf: (item: T) => number,
  limits: { tokens: number; rows: number },
): Group<T>[] {
  const sorted = [...items].sort((a, b) => lengthOf(b) - lengthOf(a));
  const groups: Group<T>[] = [];
  for (const item of sorted) {
    const length = lengthOf(item);
    const group = groups.at(-1);
    const fits =
      group &&
      group.items.length < limits.rows &&
      (group.items.length + 1) * group.length <= limits.tokens &&
      length >= 0.75 * group.length - 8;
    if (fits) group.items.push(item);
    else groups.push({ items: [item], length });
  }
  return groups;
}
