import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { NEAR_COPY, type Overlap, type Suite } from "../evaluation/index.js";
import { type Place, placed } from "../mistakes.js";
import type { Scenario } from "../scenario/index.js";
import { shownPath } from "../shown-path.js";

/** A probe, with its suite's name before its own. */
export type Named = { name: string; place: string | null; texts: readonly string[] };

/** The probes of suites, with their places in words as far as those are known. */
export function namedProbes(suites: readonly Suite[], placeOf: PlaceOf = placeIn): Named[] {
  return suites.flatMap((suite) =>
    suite.probes.map((probe) => {
      const place = placeOf(suite, probe);
      return { name: `${suite.name}/${probe.id}`, place: place && placed(place), texts: probe.texts };
    }),
  );
}

type PlaceOf = (suite: Suite, probe: Suite["probes"][number]) => Place | null;

const placeIn: PlaceOf = ({ places }, { id }) => places?.get(id) ?? null;

/** Where probes stand, also those that a module brings itself: in its code, at the line that says a text of theirs, if one does. */
export function placesBy({ evaluation }: Pick<Scenario, "evaluation">, scenarioPath: string): PlaceOf {
  return (suite, probe) => {
    const place = placeIn(suite, probe);
    const module = evaluation.suites[suite.name]?.module;
    if (place !== null || module === undefined) return place;
    const file = resolve(dirname(scenarioPath), module);
    const lines = readFileSync(file, "utf8").split("\n");
    const line = lines.findIndex((one) => probe.texts.some((text) => text !== "" && one.includes(text)));
    return { file: shownPath(file), ...(line < 0 ? {} : { line: line + 1 }) };
  };
}

/** What a text repeats, as the middle of a sentence: `says what probe mask/m1 (probes.yaml:3) does: "…"`. */
export function repeats({ probe, kind, share, text }: Overlap<Named>): string {
  const { name, place } = probe;
  const who = place === null ? `probe ${name}` : `probe ${name} (${place})`;
  const said = JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text);
  if (kind === "exact") return `says what ${who} does: ${said}`;
  return `nearly says what ${who} does: it has ${percent(share)} of the groups of three words of ${said}, and ${percent(NEAR_COPY)} or more is too near`;
}

const SHOWN = 160;

const percent = (share: number): string => `${Math.floor(100 * share)} %`;
