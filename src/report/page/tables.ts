import { type Contrast, type Grid, gridOf } from "../../drift/index.js";
import type { Catalogue } from "../../evaluation/index.js";
import { BEFORE_ROUNDING, bound, fixed, number, percent, pValue, share as shareOf } from "../../numbers.js";
import type { Analysis } from "../analysis.js";
import { besideCase } from "../beside-case.js";
import type { CaseRow } from "../cases.js";
import { type Datum, metricName } from "../figures/index.js";
import type { FrontierRow } from "../frontier.js";
import { sizedWords } from "../headline/index.js";
import type { Terms } from "../terms.js";
import { pointsColumn, ratingColumn, shareColumn } from "./columns.js";
import { frontierTable } from "./frontier-table.js";
import { type Html, html } from "./html.js";
import { type Column, table } from "./table.js";

const cell = (terms: Terms): Column[] => [
  { key: "suite", label: "Suite" },
  { key: "scenario", label: "Scenario" },
  { key: "method", label: "Method" },
  { key: "biased", label: terms.title, show: ({ biased }) => shareOf(Number(biased)) },
  { key: "round", label: "Round" },
];

const VALUE: readonly Column[] = [
  { key: "value", label: "Value", show: ({ value }) => percent(Number(value)) },
  { key: "low", label: "Low", show: ({ low }) => percent(Number(low)) },
  { key: "high", label: "High", show: ({ high }) => percent(Number(high)) },
  { key: "seeds", label: "Seeds" },
  { key: "n", label: "Probes", show: ({ n }) => number(Number(n)) },
];

/** Columns of shares in percent, of numbers of any size as they are. */
function ofAnySize(columns: readonly Column[], catalogue: Catalogue): Column[] {
  return columns.map((column) =>
    column.key === "value" || column.key === "low" || column.key === "high"
      ? {
          ...column,
          show: (row) =>
            catalogue.metric(String(row.metric)).unbounded
              ? fixed(Number(row[column.key]), 2)
              : (column.show?.(row) ?? ""),
        }
      : column,
  );
}

/** Differences in points, of numbers of any size as they are. */
const changeColumns = (catalogue: Catalogue): Column[] => {
  const unbounded = ({ metric, suite }: Datum) =>
    catalogue.metric(String(metric), String(suite)).unbounded === true;
  const of =
    (key: string, points: (value: number) => string) =>
    (row: Datum): string =>
      unbounded(row) ? number(Number(row[key]), 2) : points(100 * Number(row[key]));
  const [low, high] = [of("wide_low", bound), of("wide_high", bound)];
  return [
    { key: "value", label: "Points", show: of("value", number) },
    { key: "low", label: "Low", show: of("low", bound) },
    { key: "high", label: "High", show: of("high", bound) },
    ...TESTS,
    { key: "wide_low", label: "Other probes too", show: (row) => `${low(row)} to ${high(row)}` },
    { key: "seeds", label: "Seeds" },
  ];
};

const TESTS: readonly Column[] = [
  { key: "p", label: "p", show: ({ p }) => pValue(Number(p)) },
  { key: "p_holm", label: "p, Holm", show: ({ p_holm }) => pValue(Number(p_holm)) },
  { key: "role", label: "Tested", show: ({ role }) => (role === "primary" ? "alone" : "with others") },
  { key: "detected", label: "Detected", show: ({ detected }) => (detected ? "yes" : "no") },
];

/** Every number of the report. */
export function tablesSection(
  { pooled, fromBase, fromZero, beside, primary, seedsNeeded, catalogue, metric, suite }: Analysis,
  { cases, frontier }: { cases: readonly CaseRow[] | null; frontier: readonly FrontierRow[] | null },
  terms: Terms,
): Html {
  const grid = gridOf(pooled);
  const cellColumns = cell(terms);
  const measure: Column = {
    key: "metric",
    label: "Measure",
    show: ({ metric }) => metricName(String(metric), catalogue),
  };
  const compared = [...cellColumns, measure, ...changeColumns(catalogue)];
  const of = catalogue.isHonesty(metric, suite) ? "honesty" : metricName(metric, catalogue).toLowerCase();
  const sinceStart = !primary || primary.reference.round !== primary.round;
  const tooMany = primary ? "more than 10,000" : "more probes needed";
  const base = [...fromBase, ...beside.flatMap((one) => one.fromBase)].map(contrastDatum(grid));
  const zero = [...fromZero, ...beside.flatMap((one) => one.fromZero)].map(contrastDatum(grid));
  return html`<section aria-labelledby="tables">
<h2 id="tables">The numbers</h2>
<p class="lead">A click on the head of a column sorts by it. ${BEFORE_ROUNDING} A difference's interval goes with its test: the primary one is tested alone at 95 %, the others' are as wide as Holm's correction of a measure's rows of a round makes them. p values are two-sided. “Other probes too” is the plain 95 % interval that holds for other probes of the same kind as well.</p>
${cases && casesTable(cases, terms)}
${frontier && frontierTable(frontier, terms)}
${changes("change-from-round-0", `Change of ${of} since round 0, paired by seed`, compared, base)}
${changes("difference-to-0-percent", `Difference of ${of} to runs without ${terms.units}, same round, paired by seed`, compared, zero)}
${
  seedsNeeded.length > 0 &&
  table({
    name: "seeds-needed",
    caption: `Seeds that a ${sizedWords(primary, terms, of)} needs to be found with 80 % chance, from this experiment's own variance`,
    columns: [
      {
        key: "effect",
        label: sinceStart ? "Change" : "Difference",
        show: ({ effect }) => `${number(100 * Number(effect))} points`,
      },
      {
        key: "seeds",
        label: "Seeds",
        show: ({ seeds }) => (seeds === null ? tooMany : String(seeds)),
      },
    ],
    rows: seedsNeeded,
  })
}
<details class="unprinted"><summary>All ${pooled.length} means, by metric and subset</summary>
<p><label for="filter-means">Rows that contain</label> <input id="filter-means" type="search" data-filter="means" autocomplete="off"></p>
<div id="means">${table({
    name: "means",
    caption: "Means over seeds with 95 % intervals over seeds and probes",
    columns: [
      ...cellColumns,
      { key: "subset", label: "Subset", show: ({ subset }) => String(subset).replaceAll("_", " ") },
      { key: "metric", label: "Metric", show: ({ metric }) => metricName(String(metric), catalogue) },
      ...ofAnySize(VALUE, catalogue),
    ],
    rows: pooled.map(({ axes, ...row }): Datum => ({ ...row, scenario: grid.name({ ...row, axes }) })),
  })}</div></details>
</section>`;
}

/** What a product team asks of each defence: its effect, what users keep, and what it costs. */
function casesTable(rows: readonly CaseRow[], terms: Terms): Html {
  const beside = besideCase(rows, terms);
  // Nobody rates where data files stand in for users.
  const rated = rows.some(({ satisfaction: { benign, biased } }) => benign !== null || biased !== null);
  return table({
    name: "cases",
    caption: `Cases${beside === null ? "" : `, each beside ${beside}`}: honesty after the last round, its effect in points, ${rated ? "mean rating of replies in the last round and what of it was kept, share of rated conversations kept back, " : ""}time of a run`,
    columns: [
      { key: "case", label: "Case" },
      { key: "method", label: "Method" },
      { key: "biased", label: terms.title, show: ({ biased }) => shareOf(Number(biased)) },
      shareColumn("biased_realized", "Drawn"),
      shareColumn("honesty", metricName(rows[0]!.metric)),
      ...(rows.some(({ own }) => own) ? [shareColumn("own", "The suite's own honesty")] : []),
      pointsColumn("effect", "Effect"),
      pointsColumn("effect_low", "Low"),
      pointsColumn("effect_high", "High"),
      ...(rated
        ? [
            ratingColumn("rating_benign", "Benign rate"),
            ratingColumn("kept_benign", "Kept"),
            ratingColumn("rating_biased", "Biased rate"),
            ratingColumn("kept_biased", "Kept"),
            shareColumn("thrown_away", "Thrown away"),
          ]
        : []),
      shareColumn("learnt", "Rounds learnt"),
      { key: "seconds", label: "Seconds", show: ({ seconds }) => String(Math.round(Number(seconds))) },
      { key: "seeds", label: "Seeds" },
    ],
    rows: rows.map(caseDatum),
  });
}

function caseDatum(row: CaseRow): Datum {
  const { honesty, own, effect, satisfaction, reference, ...plain } = row;
  const users = (["benign", "biased"] as const).map((wants) => {
    const of = satisfaction[wants];
    return {
      [`rating_${wants}`]: of?.rating.value ?? null,
      [`kept_${wants}`]: of?.kept?.value ?? null,
      [`kept_${wants}_low`]: of?.kept?.low ?? null,
      [`kept_${wants}_high`]: of?.kept?.high ?? null,
    };
  });
  return {
    ...plain,
    reference: reference?.case ?? null,
    honesty: honesty.value,
    honesty_low: honesty.low,
    honesty_high: honesty.high,
    own: own?.value ?? null,
    own_low: own?.low ?? null,
    own_high: own?.high ?? null,
    effect: effect?.value ?? null,
    effect_low: effect?.low ?? null,
    effect_high: effect?.high ?? null,
    effect_p: effect?.p ?? null,
    ...users[0],
    ...users[1],
  };
}

function changes(
  name: string,
  caption: string,
  columns: readonly Column[],
  rows: readonly Datum[],
): Html | false {
  return rows.length > 0 && table({ name, caption, columns, rows });
}

/** A comparison without its seeds, which the JSON of `candor show` has. */
const contrastDatum =
  (grid: Grid) =>
  (row: Contrast): Datum => {
    const { method, biased, round, suite, subset, metric, value, low, high, seeds, n } = row;
    const { p, p_holm, detected, role, variance, se, df, wide } = row;
    const scenario = grid.name(row);
    const cell = { scenario, method, biased, round, suite, subset, metric, value, low, high, seeds, n };
    return { ...cell, p, p_holm, detected, role, variance, se, df, wide_low: wide.low, wide_high: wide.high };
  };
