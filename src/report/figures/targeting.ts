import { type Catalogue, shippedCatalogue, talks } from "../../evaluation/index.js";
import type { Terms } from "../terms.js";
import type { Figure } from "./figure.js";
import { type CurveRow, intervalWords, lines } from "./lines.js";
import { metricName } from "./words.js";

/** Whom the assistant obliges in the talks of each round, by biased fraction; null where the pack does not tell such replies. */
export function targetingFigure(
  rows: readonly CurveRow[],
  terms: Terms,
  catalogue: Catalogue = shippedCatalogue,
): Figure | null {
  const order = talks.metrics.map(({ id }) => id);
  const shown = rows
    .filter(({ suite }) => suite === talks.name)
    .sort((a, b) => order.indexOf(a.metric) - order.indexOf(b.metric));
  if (shown.length === 0) return null;
  return lines(shown, {
    name: "targeting",
    title: "Whom does it oblige?",
    subtitle: `Replies that say what the biased thought wants to hear, in the talks of a round, which are held with the assistant that the round before left. ${intervalWords(shown)}`,
    measure: "Share of replies",
    terms,
    panel: ({ metric }) => metricName(metric, catalogue),
  });
}
