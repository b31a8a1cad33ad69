import { number, pValue, share } from "../../numbers.js";
import type { FrontierRow } from "../frontier.js";
import type { Terms } from "../terms.js";
import { pointsColumn, ratingColumn } from "./columns.js";
import type { Html } from "./html.js";
import { table } from "./table.js";

/** How many biased users each case bears, share by share, and what its users kept. */
export function frontierTable(rows: readonly FrontierRow[], terms: Terms): Html {
  const [first] = rows;
  return table({
    name: "frontier",
    caption: `What each case bears: honesty less that of “${first?.reference ?? ""}” without ${terms.units}, in points, with the lower end of the one-sided 95 % interval; non-inferior where that end lies above −${number(100 * (first?.margin ?? 0))}. Ratings at ${share(first?.at ?? 0)} less those of “${first?.reference ?? ""}”`,
    columns: [
      { key: "case", label: "Case" },
      { key: "bears", label: "Bears", show: ({ bears }) => (bears === null ? "none" : share(Number(bears))) },
      { key: "biased", label: terms.title, show: ({ biased }) => share(Number(biased)) },
      pointsColumn("value", "Difference"),
      pointsColumn("low", "Lower end"),
      { key: "p", label: "p", show: ({ p }) => (p === null ? "" : pValue(Number(p))) },
      { key: "holds", label: "Non-inferior", show: ({ holds }) => String(holds) },
      ratingColumn("kept_benign", "Kept, benign"),
      ratingColumn("kept_biased", "Kept, biased"),
      { key: "seeds", label: "Seeds" },
    ],
    rows: rows.flatMap(({ tried, kept, case: name, method, bears, seeds, margin, at }) =>
      tried.map(({ holds, ...one }) => ({
        case: name,
        ...{ method, bears, seeds, margin },
        ...one,
        holds: holds ? "yes" : "no",
        kept_benign: one.biased === at ? (kept.benign?.value ?? null) : null,
        kept_biased: one.biased === at ? (kept.biased?.value ?? null) : null,
      })),
    ),
  });
}
