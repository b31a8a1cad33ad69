import type { ProbeRow } from "../../../api.js";
import type { Filter } from "./filters.js";
import { isChanged } from "./order.js";

/** The rows that pass a filter, in their order. `hits` has `suite/probe` of those in which the searched words were said. */
export function passing(
  rows: readonly ProbeRow[],
  filter: Filter,
  hits: ReadonlySet<string> | undefined,
): ProbeRow[] {
  return rows.filter((row) => {
    const verdicts = filter.round === "" ? Object.values(row.verdicts) : [row.verdicts[filter.round]];
    return (
      (filter.suite === "" || row.suite === filter.suite) &&
      (filter.subset === "" || row.subset === filter.subset) &&
      (filter.verdict === "" || verdicts.includes(filter.verdict)) &&
      (filter.changed === "" || isChanged(row)) &&
      (!hits || hits.has(`${row.suite}/${row.probe}`))
    );
  });
}
