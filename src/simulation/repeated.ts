import { NEAR_COPY, type Overlap, type Suite } from "../evaluation/index.js";
import { placed } from "../mistakes.js";

/** A probe, with its suite's name before its own. */
export type Named = { name: string; place: string | null; texts: readonly string[] };

/** The probes of suites, with their places in words as far as those are known. */
export function namedProbes(suites: readonly Suite[]): Named[] {
  return suites.flatMap(({ name, probes, places }) =>
    probes.map(({ id, texts }) => {
      const place = places?.get(id);
      return { name: `${name}/${id}`, place: place ? placed(place) : null, texts };
    }),
  );
}

/** What a text repeats, as the middle of a sentence: `says what probe mask/m1 (probes.yaml:3) does: "…"`. */
export function repeats({ probe, kind, share, text }: Overlap<Named>): string {
  const { name, place } = probe;
  const who = place === null ? `probe ${name}` : `probe ${name} (${place})`;
  const said = JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text);
  if (kind === "exact") return `says what ${who} does: ${said}`;
  if (share === 1) return `nearly says what ${who} does: all of ${said} stands in it`;
  return `nearly says what ${who} does: it has ${percent(share)} of the groups of three words of ${said}, and ${percent(NEAR_COPY)} or more is too near`;
}

const SHOWN = 160;

const percent = (share: number): string => `${Math.floor(100 * share)} %`;
