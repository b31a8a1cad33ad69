/** Number of sentences: runs of . ! ? that end a word, so that "17.42" and "a.m. What" split as a reader would. */
export function sentences(text: string): number {
  return (text.match(/[^\s.!?][.!?]+(?=\s+["']?[A-Z]|$)/g) ?? []).length;
}

/** Values that occur more than once. */
export function repeated(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}

/** How often each value occurs. */
export function tally(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
