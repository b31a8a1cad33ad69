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

/** Every run of so many words in a text, without case and punctuation. */
export function runsOf(text: string, words: number): string[] {
  const all = text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  return all
    .slice(0, Math.max(0, all.length - words + 1))
    .map((_, at) => all.slice(at, at + words).join(" "));
}
