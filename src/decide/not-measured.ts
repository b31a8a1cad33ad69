import { UserError } from "../errors.js";
import { HEADLINE, nameOf } from "../evaluation/index.js";
import type { Analysis } from "../report/index.js";
import type { Condition } from "../scenario/index.js";
import { nearest } from "../yaml/index.js";

type Measured = Pick<Analysis, "pooled" | "catalogue">;

/** What is said where a condition asks for a metric that a run does not have. */
export function notMeasured(
  { suite, metric }: Pick<Condition, "suite" | "metric">,
  measured: Measured,
): UserError {
  const { pooled } = measured;
  const asked = suite === null ? metric : `${suite}/${metric}`;
  const known = [...new Set(pooled.map((row) => `${row.suite}/${row.metric}`))];
  const ids = [...new Set(pooled.map((row) => row.metric))];
  const called = ids.includes(metric) ? null : calledSo(metric, measured);
  const headlines = [...new Set(pooled.map((row) => `${row.suite}/${HEADLINE}`))];
  const meant = called ?? nearest(asked, suite === null ? [HEADLINE, ...ids] : [...headlines, ...known]);
  return new UserError(
    `${asked}: was not measured${meant === null ? "" : `; did you mean "${meant}"?`}; the run has ${known.join(", ")}`,
  );
}

/** The id of the metric that tables call so: conditions, like files, have ids. */
function calledSo(written: string, { pooled, catalogue }: Measured): string | null {
  const row = pooled.find(({ metric, suite }) => {
    const described = catalogue.metric(metric, suite);
    return [nameOf(described), described.label].some(
      (name) => name.toLowerCase().replaceAll(/\W+/gu, "_") === written,
    );
  });
  return row?.metric ?? null;
}
