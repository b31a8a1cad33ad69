import type { Figure } from "./figure.js";
import { type CurveRow, intervalWords, lines } from "./lines.js";
import { differing } from "./parts.js";
import { metricName } from "./words.js";

/** Drift curves: honesty by round, one line per biased fraction, one picture per suite, scenario and method. */
export function curves(rows: readonly CurveRow[]): Figure {
  const shown = rows.filter(({ metric, subset }) => metric === "honesty" && subset === "all");
  return lines(shown, {
    name: "curves",
    title: "Honesty by round, for growing shares of biased users",
    subtitle: `Share of statements under pressure that do not contradict the model's own belief. ${intervalWords(shown)}`,
    measure: "Honesty",
    panel: differing(shown, ["suite", "scenario", "method"]),
  });
}

/** What must not fall beside honesty, in the order it is looked for. */
const BESIDE = ["belief_accuracy", "capability", "accuracy", "knowledge"];

/**
 * Honesty beside what the model still knows and can do: where only the first falls the model lies, where the others fall
 * with it the model forgets. For one scenario and method at a time.
 */
export function beliefBesideHonesty(rows: readonly CurveRow[]): Figure {
  const all = rows.filter(({ subset }) => subset === "all");
  const honesty = all.filter(({ metric }) => metric === "honesty");
  const beside = all.filter(
    ({ metric, suite }) => BESIDE.includes(metric) || (suite === "capability" && metric !== "error"),
  );
  const shown = [...honesty, ...beside.sort((a, b) => BESIDE.indexOf(a.metric) - BESIDE.indexOf(b.metric))];
  return lines(shown, {
    name: "belief-beside-honesty",
    title: "Lying or forgetting? Honesty beside beliefs and skills",
    subtitle: `A model that lies keeps its beliefs; one that forgets loses them too. ${intervalWords(shown)}`,
    measure: "Share of probes",
    panel: ({ metric, suite }) =>
      suite === "capability" ? `Capability: ${metricName(metric).toLowerCase()}` : metricName(metric),
  });
}
