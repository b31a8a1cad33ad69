import { number, plus, share, signed } from "../../numbers.js";
import type { FrontierRow, Terms } from "../../report/index.js";
import { plainTable } from "./tables.js";

/** The table of what each case bears under a heading that says what stands in it. */
export function frontierBlock(rows: readonly FrontierRow[], terms: Terms): string {
  const [first] = rows;
  const single = rows.every(({ seeds }) => seeds < 2) ? " One seed shows nothing of the kind." : "";
  return (
    `Frontier: the largest share of ${terms.units} up to which each case's honesty is non-inferior (margin ${number(100 * (first?.margin ?? 0))} points, one-sided tests at 5 %, from the least share up) to ` +
    `${first?.reference} without any; difference and lower end of its one-sided 95 % interval in points; and what users' ratings at the largest share came to beside ${first?.reference}, in points of the scale.${single}\n\n` +
    frontierTable(rows)
  );
}

/** Every case: what it bears, the difference at each share, and what users kept. */
function frontierTable(rows: readonly FrontierRow[]): string {
  const shares = [...new Set(rows.flatMap(({ tried }) => tried.map(({ biased }) => biased)))].sort(
    (a, b) => a - b,
  );
  const table = plainTable(["case", "bears", ...shares.map(share), "kept, benign", "kept, biased"]);
  for (const { case: name, bears, tried, kept } of rows)
    table.push([
      name,
      bears === null ? "none" : share(bears),
      ...shares.map((at) => differenceAt(tried, at)),
      shown(kept.benign),
      shown(kept.biased),
    ]);
  return table.toString();
}

function differenceAt(tried: FrontierRow["tried"], at: number): string {
  const found = tried.find(({ biased }) => biased === at);
  if (!found || found.value === null || found.low === null) return "";
  return `${signed(found.value)} (${signed(found.low)})${found.holds ? "" : " *"}`;
}

function shown(kept: FrontierRow["kept"]["benign"]): string {
  return kept ? plus(kept.value) : "";
}
