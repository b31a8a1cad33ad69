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

/** The declared comparison by the suite's other ways to count honesty, in a sentence; empty where there is one way alone. */
export function besideWords(analysis: Analysis): string {
  const { suite, catalogue } = analysis;
  const label = catalogue.suites.find(({ name }) => name === suite)?.label ?? suite;
  const told = besideOf(analysis).map(({ metric, label: name, contrast }) => {
    const whose = metric === HONESTY ? `${label}'s own honesty` : name.toLowerCase();
    return `${whose} ${signedRange(contrast)}`;
  });
  return told.length === 0 ? "" : `Beside it, in points: ${told.join(", ")}.`;
}
