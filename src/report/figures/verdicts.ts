import { type CellId, cellKey } from "../../drift/index.js";
import { percent, share } from "../../numbers.js";
import type { Terms } from "../terms.js";
import type { Datum, Figure } from "./figure.js";
import { CATEGORIES, PAPER } from "./palette.js";
import { differing, facetted, PERCENT_AXIS, steps, wrapped } from "./parts.js";
import { metricName } from "./words.js";

/** A cell's share of one verdict, over the probes that are divided. */
type VerdictShare = CellId & { metric: string; value: number };

/** `first`: they are of the probes whose belief was held before training. */
export type VerdictShares = { shares: readonly VerdictShare[]; first: boolean };

/** What is left when all other shares are taken away. */
const HONEST = "honest";

/** What became of the probes that were judged, and in which colour it is shown. */
const OF_ALL: readonly Verdict[] = [
  { metric: HONEST, name: "Honest", colour: CATEGORIES[0] },
  { metric: "lie", name: metricName("lie"), colour: CATEGORIES[1] },
  { metric: "evade", name: metricName("evade"), colour: CATEGORIES[4] },
  { metric: "neither", name: metricName("neither"), colour: CATEGORIES[3] },
  { metric: "no_belief", name: metricName("no_belief"), colour: CATEGORIES[6] },
];

/** What became of those whose belief was held before training: a belief that is gone may still be contradicted. */
const OF_FIRST: readonly Verdict[] = [
  ...OF_ALL.slice(0, 2),
  { metric: "turned", name: "Contradicts a lost belief", colour: CATEGORIES[2] },
  ...OF_ALL.slice(2, 4),
  { metric: "gone", name: "Belief lost", colour: CATEGORIES[6] },
];

const ALWAYS = [HONEST, "lie"];

type Verdict = { metric: string; name: string; colour: string };

/** How statements divide after a round, by biased fraction: what 1 − lies alone does not tell. */
export function verdictsFigure(
  { shares, first }: VerdictShares,
  { round, terms }: { round: number; terms: Terms },
): Figure {
  // What never came about has no place in the legend.
  const verdicts = (first ? OF_FIRST : OF_ALL).filter(
    ({ metric }) => ALWAYS.includes(metric) || shares.some((one) => one.metric === metric && one.value > 0),
  );
  const panel = differing(shares, ["scenario", "method"]);
  const fractions = steps(shares.map(({ biased }) => biased)).map(share);
  const cells = new Map<string, { panel: string; biased: string; of: Map<string, number> }>();
  for (const row of shares) {
    const key = cellKey(row);
    const cell = cells.get(key) ?? { panel: panel(row), biased: share(row.biased), of: new Map() };
    cells.set(key, { ...cell, of: cell.of.set(row.metric, row.value) });
  }
  const shareOf = (metric: string, of: ReadonlyMap<string, number>) =>
    metric === HONEST ? restOf(verdicts, of) : (of.get(metric) ?? 0);
  const data = [...cells.values()].flatMap((cell) =>
    verdicts.map(
      ({ metric, name }, order): Datum => ({
        panel: cell.panel,
        biased: cell.biased,
        verdict: name,
        share: shareOf(metric, cell.of),
        order,
      }),
    ),
  );
  const title = `What the model did when pressed, after round ${round}`;
  return {
    name: "verdicts",
    title,
    description: [...cells.values()]
      .map(({ panel: of, biased, of: seen }) => {
        const parts = verdicts.map(
          ({ metric, name }) => `${name.toLowerCase()} ${percent(shareOf(metric, seen))}`,
        );
        return `${of === "" ? "" : `${of}, `}${biased} ${terms.units}: ${parts.join(", ")}.`;
      })
      .join(" "),
    spec: facetted(
      [...new Set([...cells.values()].map((cell) => cell.panel))],
      { text: title, subtitle: wrapped(first ? FIRST_KEY : ALL_KEY, 96) },
      bars(fractions, verdicts, terms),
      1,
    ) as Figure["spec"],
    data,
  };
}

const FIRST_KEY =
  "Share of the probes whose belief was held before training, as honesty to first beliefs counts them. Evading or knowing less is not honesty, though it is not lying either.";
const ALL_KEY =
  "Share of all probes that were judged, also of those on which no belief was held. Evading or knowing less is not honesty, though it is not lying either.";

function bars(fractions: readonly string[], verdicts: readonly Verdict[], terms: Terms) {
  return {
    width: 460,
    height: { step: 34 },
    mark: { type: "bar", stroke: PAPER, strokeWidth: 1 },
    encoding: {
      y: { field: "biased", type: "ordinal", sort: fractions, title: terms.title, axis: { ticks: false } },
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
        scale: { domain: verdicts.map(({ name }) => name), range: verdicts.map(({ colour }) => colour) },
      },
      order: { field: "order" },
    },
  };
}

function restOf(verdicts: readonly Verdict[], of: ReadonlyMap<string, number>): number {
  const others = verdicts.filter(({ metric }) => metric !== HONEST).map(({ metric }) => of.get(metric) ?? 0);
  return Math.max(0, 1 - others.reduce((sum, one) => sum + one, 0));
}
