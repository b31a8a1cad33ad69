import type { ProbeRow, ProbeTable } from "../../../api.js";

/** The orders of the list, by what an address calls them. */
export type Order = "file" | "moved";

/** The order that is asked for; else, where no verdict changed, that in which the probes to read come first. Undefined where there is one alone. */
export function orderOf({ rows }: ProbeTable, asked: string): Order | undefined {
  if (rows.every(({ moved }) => moved === null)) return undefined;
  if (asked === "file" || asked === "moved") return asked;
  return rows.some(isChanged) ? "file" : "moved";
}

/** The rows in an order; those of which nobody knows how far they moved come last. */
export function ordered(rows: readonly ProbeRow[], order: Order | undefined): ProbeRow[] {
  if (order !== "moved") return [...rows];
  const size = ({ moved }: ProbeRow) => (moved === null ? -1 : Math.abs(moved));
  return [...rows].sort((one, other) => size(other) - size(one));
}

/** Whether a probe had another verdict in some round. */
export function isChanged({ verdicts }: ProbeRow): boolean {
  return new Set(Object.values(verdicts)).size > 1;
}
