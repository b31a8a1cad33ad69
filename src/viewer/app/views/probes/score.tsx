import type { ProbeTable } from "../../../api.js";
import { hundredths, percent } from "../../format.js";

/** What the scores of a suite are called; undefined where they say no more than its verdicts. */
export function scoreName({ suites }: ProbeTable, suite: string): string | undefined {
  return suites.find((one) => one.suite === suite)?.score ?? undefined;
}

/** What the numbers beneath the verdicts of these suites are. */
export function numbersWords({ suites }: ProbeTable, among = suites.map(({ suite }) => suite)): string {
  const names = new Set(suites.flatMap(({ suite, score }) => (among.includes(suite) ? (score ?? []) : [])));
  return names.size === 0 ? "" : `Numbers: ${[...names].join(" or ")}, in %`;
}

/** A score beneath a verdict; read aloud with its name, as it is not how likely that verdict is. */
export function Score({ score, name }: { score: number | undefined; name: string }) {
  if (score === undefined) return <small aria-hidden="true">–</small>;
  return (
    <>
      <small aria-hidden="true">{hundredths(score)}</small>
      <span class="unseen">{`, ${name} ${percent(score)}`}</span>
    </>
  );
}
