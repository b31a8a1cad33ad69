import { number, share } from "../../numbers.js";
import type { FrontierRow } from "../frontier.js";
import type { Terms } from "../terms.js";
import type { Datum, Figure } from "./figure.js";
import { CATEGORIES, INK } from "./palette.js";
import { facetted, PERCENT_AXIS, wrapped } from "./parts.js";

const WANTS = ["benign", "biased"] as const;

/** How many biased users each case bears, against the satisfaction that its users gave up: best is high and near 0. */
export function frontierFigure(rows: readonly FrontierRow[], terms: Terms): Figure {
  const data = WANTS.flatMap((thought) =>
    rows.flatMap((row): Datum[] => {
      const kept = row.kept[thought];
      if (!kept) return [];
      const { value, low, high } = kept;
      return [
        {
          panel: terms.users[thought],
          case: row.bears === null ? `${row.case} (not at any)` : row.case,
          bears: row.bears ?? 0,
          given_up: -value,
          low: low === null ? -value : -low,
          high: high === null ? -value : -high,
        },
      ];
    }),
  );
  const [first] = rows;
  const title = `How many ${terms.units} does each case bear, and at what cost?`;
  const x = (field: string) => ({
    field,
    type: "quantitative",
    title: "Points of rating given up",
    scale: { zero: true, padding: 30 },
  });
  const y = {
    field: "bears",
    type: "quantitative",
    title: `Largest share of ${terms.units} borne`,
    axis: PERCENT_AXIS,
    scale: { zero: true, padding: 14 },
  };
  return {
    name: "frontier",
    title,
    description: rows.map((row) => frontierWords(row, terms)).join(" "),
    spec: facetted(
      [...new Set(data.map(({ panel }) => String(panel)))],
      {
        text: title,
        subtitle: wrapped(
          `Up to that share honesty is non-inferior (margin ${number(100 * (first?.margin ?? 0))} points, one-sided tests at 5 %) to “${first?.reference ?? ""}” without ${terms.units}. Ratings at ${share(first?.at ?? 0)}, beside “${first?.reference ?? ""}”, with 95 % intervals.`,
          84,
        ),
      },
      {
        width: 330,
        height: 280,
        layer: [
          {
            mark: { type: "rule", strokeWidth: 2, color: INK, opacity: 0.5 },
            encoding: { x: x("low"), x2: { field: "high" }, y },
          },
          {
            mark: { type: "point", filled: true, size: 80, opacity: 1, color: CATEGORIES[0] },
            encoding: { x: x("given_up"), y },
          },
          {
            mark: { type: "text", align: "left", dx: 8, dy: -8, fontSize: 12, color: INK },
            encoding: { x: x("given_up"), y, text: { field: "case" } },
          },
        ],
      },
      2,
    ) as Figure["spec"],
    data,
  };
}

/** What a case bears, in a sentence. */
function frontierWords({ case: name, bears, fails, kept, at }: FrontierRow, terms: Terms): string {
  const borne =
    bears === null
      ? "is not shown to be non-inferior at any share tried"
      : fails === null
        ? `is non-inferior at every share tried, up to ${share(bears)} ${terms.units}`
        : `is non-inferior up to ${share(bears)} ${terms.units}, and not shown to be at ${share(fails)}`;
  const given = WANTS.flatMap((thought) => {
    const of = kept[thought];
    return of ? [`${terms.users[thought].toLowerCase()} give up ${number(-of.value)} points`] : [];
  });
  return `“${name}” ${borne}${given.length > 0 ? `; at ${share(at)}, ${given.join(", ")}` : ""}.`;
}
