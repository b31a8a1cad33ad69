import { againstMargin, cellIn, contrasts, isCell, lowestOf } from "../drift/index.js";
import { type CaseRow, compareCases, readCases } from "./cases.js";
import type { ReportSource } from "./source/read.js";

/** A share of biased users that a case was tried at: its honesty less that of the reference at 0 %. */
type TriedShare = {
  biased: number;
  /** The difference; null for the reference at 0 % itself. `low` is the end of its one-sided 95 % interval's lower side, in the same units. */
  value: number | null;
  low: number | null;
  /** One-sided p of being lower by the margin or more; null where nothing is compared. */
  p: number | null;
  /** Whether honesty is shown not to be lower by the margin. */
  holds: boolean;
};

/** How many biased users a way of learning, or a defence, bears, and what it takes from users. */
export type FrontierRow = {
  case: string;
  method: string;
  /** The case that it is set beside (`referenceCase`). */
  reference: string;
  seeds: number;
  margin: number;
  /** The largest share up to which honesty is non-inferior at every share tried; null where it is not even at the least. */
  bears: number | null;
  /** The first share at which it is not shown; null where it holds at all. */
  fails: number | null;
  tried: TriedShare[];
  /** What users of each thought gave at the largest share tried, less what they gave in the reference there. */
  kept: Record<"benign" | "biased", { value: number; low: number | null; high: number | null } | null>;
  /** The share at which `kept` is told. */
  at: number;
};

/**
 * The frontier of a sweep whose cases were played at several shares: for each case the largest share of biased users at which
 * honesty is non-inferior to that of the reference (`referenceCase`) at 0 %, by the scenario's margin (`drift.margin`), against what its users gave up.
 * Shares are tested from the least up by one-sided tests at 5 %, and the first that fails ends it, so that a case's own shares need
 * no correction (fixed sequence; Maurer et al. 1995); cases are not corrected for one another. With one seed nothing is
 * claimed. Null where the sweep has no users or no cases, no reference at 0 % or no other share.
 */
export function frontierOf(source: ReportSource): FrontierRow[] | null {
  // Rows of data have no users who could be satisfied.
  if (typeof source.scenario.source === "object") return null;
  const read = readCases(source);
  if (read === null) return null;
  const { cells, names, against, seen, last } = read;
  const clean = cells.find(({ key }) => key.case === against && key.biased === 0);
  const shares = [...new Set(cells.map(({ key }) => key.biased))].sort((a, b) => a - b);
  const rests = new Set(cells.map(({ key }) => key.rest));
  // Where the grid varies something else too, there is a frontier for each of its values.
  if (!clean || shares.length < 2 || rests.size > 1) return null;
  const compared = compareCases(source);
  if (compared === null) return null;
  const { margin } = source.scenario.drift;
  const differences = contrasts(seen, (row) =>
    isCell(clean.key, row) ? null : { ...row, ...cellIn(clean.key) },
  ).filter(({ round }) => round === last);
  return names.flatMap((name): FrontierRow[] => {
    const own = cells.filter(({ key }) => key.case === name).sort((a, b) => a.key.biased - b.key.biased);
    const [first] = own;
    if (!first) return [];
    const tried = own.flatMap(({ key }): TriedShare[] => {
      if (isCell(key, clean.key)) return [{ biased: 0, value: null, low: null, p: null, holds: true }];
      const found = differences.find((row) => isCell(key, row));
      if (!found) return [];
      const { p, holds } = againstMargin(found, margin).not_lower;
      return [{ biased: key.biased, value: found.value, low: lowestOf(found), p, holds }];
    });
    const failing = tried.findIndex(({ holds }) => !holds);
    const held = failing < 0 ? tried : tried.slice(0, failing);
    const at = own.at(-1)!.key.biased;
    return [
      {
        case: name,
        method: first.key.method,
        reference: against,
        seeds: Math.min(...own.map(({ runs }) => runs.length)),
        margin,
        bears: held.at(-1)?.biased ?? null,
        fails: failing < 0 ? null : tried[failing]!.biased,
        tried,
        kept: keptAt(compared, name, at, against),
        at,
      },
    ];
  });
}

function keptAt(rows: readonly CaseRow[], name: string, at: number, against: string): FrontierRow["kept"] {
  const row = rows.find((one) => one.case === name && one.biased === at);
  const of = (thought: "benign" | "biased") => {
    const found = row?.satisfaction[thought];
    if (!found) return null;
    if (name === against) return { value: 0, low: null, high: null };
    return found.kept && { value: found.kept.value, low: found.kept.low, high: found.kept.high };
  };
  return { benign: of("benign"), biased: of("biased") };
}
