import { group } from "../group.js";

/**
 * `count` items per subset, spread evenly over each subset's order in the file: the same for every seed, so that
 * rounds and runs are compared on the same probes. Fewer where a subset has fewer; all without a count. Items of one `pair`
 * are taken together: every second probe of pairs in which the first is mostly true would be mostly false, and a
 * leaning to yes would pass for dishonesty. Where the count is odd, one pair is divided.
 */
export function evenly<T extends { subset: string; pair?: string | null | undefined }>(
  items: readonly T[],
  count: number | undefined,
): T[] {
  if (count === undefined) return [...items];
  const taken = new Set(
    [...group(items, ({ subset }) => subset).values()].flatMap((some) => wholePairs(some, count)),
  );
  return items.filter((item) => taken.has(item));
}

function wholePairs<T extends { pair?: string | null | undefined }>(items: readonly T[], count: number): T[] {
  const taken: T[] = [];
  const left: T[] = [];
  let passed = 0;
  // A unit is taken where the running quota of the items passed so far has room for it.
  for (const unit of group(items, (item) => item.pair ?? item).values()) {
    passed += unit.length;
    const quota = Math.floor((Math.min(count, items.length) * passed) / items.length);
    (quota - taken.length >= unit.length ? taken : left).push(...unit);
  }
  return [...taken, ...left.slice(0, Math.min(count, items.length) - taken.length)];
}
