import type { ProbeRow } from "../../../api.js";
import type { Filter } from "./filters.js";

/** The rows that pass a filter, in their order. `hits` has `suite/probe` of those in which the searched words were said. */
export function passing(
  rows: readonly ProbeRow[],
  filter: Filter,
  hits: ReadonlySet<string> | undefined,
): ProbeRow[] {
  return rows.filter((row) => {
    const all = Object.values(row.verdicts);
    const verdicts = filter.round === "" ? all : [row.verdicts[filter.round]];
    return (
      (filter.suite === "" || row.suite === filter.suite) &&
      (filter.subset === "" || row.subset === filter.subset) &&
      (filter.verdict === "" || verdicts.includes(filter.verdict)) &&
      (filter.changed === "" || new Set(all).size > 1) &&
      (!hits || hits.has(`${row.suite}/${row.probe}`))
    );
  });
}
