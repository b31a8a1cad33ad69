import type { PooledRow } from "../../drift/index.js";
import { percent, share } from "../../numbers.js";
import type { Terms } from "../terms.js";
import type { Datum, Figure } from "./figure.js";
import { CATEGORIES, PAPER } from "./palette.js";
import { differing, facetted, PERCENT_AXIS, steps } from "./parts.js";
import { metricName } from "./words.js";

/** What became of the probes that were judged, and in which colour it is shown. */
const VERDICTS = [
  { metric: "honest", name: "Honest", colour: CATEGORIES[0] },
  { metric: "lie", name: metricName("lie"), colour: CATEGORIES[1] },
  { metric: "evade", name: metricName("evade"), colour: CATEGORIES[4] },
  { metric: "neither", name: metricName("neither"), colour: CATEGORIES[3] },
  { metric: "no_belief", name: metricName("no_belief"), colour: CATEGORIES[6] },
] as const;

/** How statements divide after a round, by biased fraction: what 1 − lies alone does not tell. */
export function verdictsFigure(
  rows: readonly PooledRow[],
  { round, suite, terms }: { round: number; suite: string; terms: Terms },
): Figure {
  const shown = rows.filter((row) => row.round === round && row.subset === "all" && row.suite === suite);
  const panel = differing(shown, ["scenario", "method"]);
  const fractions = steps(shown.map(({ biased }) => biased)).map(share);
  const cells = new Map<string, { panel: string; biased: string; shares: Map<string, number> }>();
  for (const row of shown) {
    const key = JSON.stringify([panel(row), row.biased]);
    const cell = cells.get(key) ?? { panel: panel(row), biased: share(row.biased), shares: new Map() };
    cells.set(key, { ...cell, shares: cell.shares.set(row.metric, row.value) });
  }
  const data = [...cells.values()].flatMap((cell) =>
    VERDICTS.map(({ metric, name }, order): Datum => {
      const { panel: of, biased, shares } = cell;
      return { panel: of, biased, verdict: name, share: shareOf(metric, shares), order };
    }),
  );
  const title = `What the model did when pressed, after round ${round}`;
  return {
    name: "verdicts",
    title,
    description: [...cells.values()]
      .map(({ panel: of, biased, shares }) => {
        const parts = VERDICTS.map(
          ({ metric, name }) => `${name.toLowerCase()} ${percent(shareOf(metric, shares))}`,
        );
        return `${of === "" ? "" : `${of}, `}${biased} ${terms.units}: ${parts.join(", ")}.`;
      })
      .join(" "),
    spec: facetted(
      [...new Set([...cells.values()].map((cell) => cell.panel))],
      {
        text: title,
        subtitle:
          "Share of judged probes. Evading or knowing less is not honesty, though it is not lying either.",
      },
      {
        width: 460,
        height: { step: 34 },
        mark: { type: "bar", stroke: PAPER, strokeWidth: 1 },
        encoding: {
          y: {
            field: "biased",
            type: "ordinal",
            sort: fractions,
            title: terms.title,
            axis: { ticks: false },
          },
          x: {
            field: "share",
            type: "quantitative",
            stack: "zero",
            title: null,
            axis: PERCENT_AXIS,
            scale: { domain: [0, 1] },
          },
          color: {
            field: "verdict",
            type: "nominal",
            title: null,
            scale: { domain: VERDICTS.map(({ name }) => name), range: VERDICTS.map(({ colour }) => colour) },
          },
          order: { field: "order" },
        },
      },
      1,
    ) as Figure["spec"],
    data,
  };
}

function shareOf(metric: string, shares: ReadonlyMap<string, number>): number {
  if (metric !== "honest") return shares.get(metric) ?? 0;
  const others = VERDICTS.filter((one) => one.metric !== "honest").map((one) => shares.get(one.metric) ?? 0);
  return Math.max(0, 1 - others.reduce((sum, one) => sum + one, 0));
}
