import { type CellKey, cellKey } from "../drift/index.js";

/** Whether two metrics of a suite came to the same in every cell and round: a drawing of the second says nothing more. */
export function isTheSame(
  rows: readonly (CellKey & { value: number })[],
  suite: string,
  one: string,
  other: string,
): boolean {
  const of = (metric: string) =>
    rows
      .filter((row) => row.suite === suite && row.metric === metric && row.subset === "all")
      .map((row) => `${cellKey(row)} ${row.round} ${row.value.toFixed(9)}`)
      .sort()
      .join("\n");
  return of(one) === of(other);
}
