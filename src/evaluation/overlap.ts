import { words } from "./text.js";

/** From how many words on a probe is told as a whole text, and within a longer one. */
type Lengths = { whole: number; within: number };

/** Shorter texts share most of their word triples with any neighbour in a closed language. */
const NEAR_FROM = 10;
/**
 * Share of a probe's word triples that a training text must hold to be its near copy. One word changed in a sentence of ten
 * leaves 5 of 8 (0.63); unrelated texts on one topic share less than a fifth. Docs: measurement.md.
 */
export const NEAR_COPY = 0.6;

/** Of what models say: shorter texts are too common to be told by their words, as "are you sure?" is no probe's own. */
const SAID: Lengths = { whole: 5, within: NEAR_FROM };
/** Of what people write down beforehand, who can use other words: no opening that ships has so much of a probe. */
export const WRITTEN: Lengths = { whole: 4, within: 5 };

export type Overlap<P> = {
  probe: P;
  /** Place of the training text in the list. */
  row: number;
  kind: "exact" | "near";
  /** Share of the probe's word triples that the row holds; 1 for exact ones. */
  share: number;
  /** What the probe says. */
  text: string;
};

/**
 * Where training texts repeat what probes say: the same words (whatever their case and punctuation), or most
 * of their word triples in the same order, also within a longer text; of shorter probes all of them. At most one for each row and probe.
 */
export function findOverlaps<P extends { texts: readonly string[] }>(
  probes: readonly P[],
  rows: readonly (readonly string[])[],
  lengths: Lengths = SAID,
): Overlap<P>[] {
  const index = indexOf(probes, lengths);
  return rows.flatMap((texts, row) => {
    const found = new Map<P, Overlap<P>>();
    for (const text of texts) {
      for (const { entry, share } of matches(wordsOf(text), index)) {
        const before = found.get(entry.probe);
        if (before && before.share >= share) continue;
        const kind = share === 1 && entry.key === wordsOf(text).join(" ") ? "exact" : "near";
        found.set(entry.probe, { probe: entry.probe, row, kind, share, text: entry.text });
      }
    }
    return [...found.values()];
  });
}

type Entry<P> = { probe: P; text: string; key: string; triples: number; least: number };
type Index<P> = { exact: Map<string, Entry<P>[]>; near: Map<string, Entry<P>[]> };

function indexOf<P extends { texts: readonly string[] }>(
  probes: readonly P[],
  { whole, within }: Lengths,
): Index<P> {
  const index: Index<P> = { exact: new Map(), near: new Map() };
  for (const probe of probes) {
    for (const text of probe.texts) {
      const said = wordsOf(text);
      if (said.length < whole) continue;
      const triples = triplesOf(said);
      const least = said.length < NEAR_FROM ? 1 : NEAR_COPY;
      const entry = { probe, text, key: said.join(" "), triples: triples.size, least };
      push(index.exact, entry.key, entry);
      if (said.length >= within) for (const triple of triples) push(index.near, triple, entry);
    }
  }
  return index;
}

function matches<P>(
  said: readonly string[],
  { exact, near }: Index<P>,
): { entry: Entry<P>; share: number }[] {
  const same = (exact.get(said.join(" ")) ?? []).map((entry) => ({ entry, share: 1 }));
  const held = new Map<Entry<P>, number>();
  for (const triple of triplesOf(said))
    for (const entry of near.get(triple) ?? []) held.set(entry, (held.get(entry) ?? 0) + 1);
  const alike = [...held].map(([entry, count]) => ({ entry, share: count / entry.triples }));
  return [...same, ...alike.filter(({ entry, share }) => share >= entry.least)];
}

function triplesOf(said: readonly string[]): Set<string> {
  return new Set(said.slice(2).map((_, at) => said.slice(at, at + 3).join(" ")));
}

function wordsOf(text: string): string[] {
  return words(text)
    .split(" ")
    .filter((word) => word !== "" && word !== ".");
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
