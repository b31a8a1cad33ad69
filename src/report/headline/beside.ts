import type { Contrast } from "../../drift/index.js";
import { HONESTY } from "../../evaluation/index.js";
import { signedRange } from "../../numbers.js";
import type { Analysis } from "../analysis.js";

/** A comparison by another way to count honesty than the one that is spoken of. */
export type Beside = { metric: string; label: string; contrast: Contrast };

/** The declared comparison by the suite's other ways to count honesty. */
export function besideOf({ beside, catalogue, suite }: Analysis): Beside[] {
  return beside.flatMap(({ metric, reported }) =>
    reported ? [{ metric, label: catalogue.metric(metric, suite).label, contrast: reported }] : [],
  );
}

/**
 * The declared comparison by the suite's other ways to count honesty, in a sentence; empty where there is one way alone. Those that come to
 * the same digits as `leading` are named without them: a row of equal numbers is read as several findings.
 */
export function besideWords(analysis: Analysis, leading: Contrast | null): string {
  const { suite, catalogue } = analysis;
  const label = catalogue.suites.find(({ name }) => name === suite)?.label ?? suite;
  const told = besideOf(analysis).map(({ metric, label: name, contrast }) => ({
    whose: metric === HONESTY ? `${label}'s own honesty` : name.toLowerCase(),
    range: signedRange(contrast),
  }));
  if (told.length === 0) return "";
  if (leading && told.every(({ range }) => range === signedRange(leading)))
    return `Counted otherwise it is as much: ${told.map(({ whose }) => whose).join(", ")}.`;
  return `Beside it, in points: ${told.map(({ whose, range }) => `${whose} ${range}`).join(", ")}.`;
}
