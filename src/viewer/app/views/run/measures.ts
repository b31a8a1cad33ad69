import type { SuiteInfo } from "../../../../evaluation/index.js";
import type { RoundRow } from "../../../api.js";
import { fixed, percent } from "../../format.js";

/** A suite's measure as a run's page shows it. */
export type Measure = {
  suite: string;
  metric: string;
  label: string;
  /** Whether the suite is spoken of with it. */
  headline: boolean;
  /** True where a value is no share in [0, 1]. */
  unbounded: boolean;
};

/**
 * What the suites of a run want to be shown of what was measured, in their order. Failures and dodges that there are none of in any
 * round are left out, and so are other ways to count honesty that came to the same in all: a row of equal numbers is read as several
 * findings.
 */
export function measuresOf(suites: readonly SuiteInfo[], rounds: readonly RoundRow[]): Measure[] {
  const measures = suites.flatMap(({ name, label: of, metrics }) => {
    const wanted = metrics.filter(
      ({ column, headline, honesty }) => column !== undefined || headline || honesty,
    );
    const ways = wanted.filter(({ honesty, headline }) => honesty || headline);
    const hasHonesty = ways.some(({ honesty }) => honesty);
    const isToldBefore = (id: string) => {
      const place = ways.findIndex((one) => one.id === id);
      return (
        hasHonesty &&
        ways.some(
          (one, at) =>
            at < place && rounds.every((row) => isSame(row, { suite: name, metrics: [one.id, id] })),
        )
      );
    };
    // A suite that puts none forward is small, and is shown whole.
    return (wanted.length > 0 ? wanted : metrics).flatMap(({ id, label, tone, headline, unbounded }) => {
      const values = rounds.flatMap((row) => measured(row, { suite: name, metric: id }) ?? []);
      const quiet = tone === "warn" || tone === "quiet";
      if (values.length === 0 || (quiet && values.every((value) => value === 0)) || isToldBefore(id))
        return [];
      return [
        { suite: name, of, metric: id, label, headline: headline === true, unbounded: unbounded === true },
      ];
    });
  });
  // A measure's name is enough where one suite alone has it.
  return measures.map(({ of, ...one }) =>
    measures.some(({ suite, label }) => suite !== one.suite && label === one.label)
      ? { ...one, label: `${one.label} (${of})` }
      : one,
  );
}

function isSame(row: RoundRow, { suite, metrics }: { suite: string; metrics: [string, string] }): boolean {
  const [one, other] = metrics.map((metric) => measured(row, { suite, metric })?.toFixed(9));
  return one === other;
}

export function measured(
  { metrics }: RoundRow,
  { suite, metric }: Pick<Measure, "suite" | "metric">,
): number | undefined {
  return metrics.find((one) => one.suite === suite && one.metric === metric)?.value;
}

/** A value of a measure: a share in percent, or the number that it is. */
export function shown(value: number | undefined, { unbounded }: Pick<Measure, "unbounded">): string {
  return unbounded && value !== undefined ? fixed(value, 2) : percent(value);
}
