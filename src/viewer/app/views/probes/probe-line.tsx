import type { ProbeRow, ProbeTable } from "../../../api.js";
import { VerdictMark } from "../../parts/tags.js";
import { useVerdicts } from "../../state/suites.js";

/** A probe in the list, with a mark for every round. */
export function ProbeLine({ row, rounds }: { row: ProbeRow; rounds: readonly number[] }) {
  return (
    <span class="row-head">
      <span class="row-name">{row.probe}</span>
      <span class="row-kind roomy">{row.subset.replaceAll("_", " ")}</span>
      <span class="marks">
        {rounds.map((round) => {
          const verdict = row.verdicts[round];
          if (verdict !== undefined)
            return <VerdictMark key={round} suite={row.suite} verdict={verdict} round={round} />;
          return (
            <span key={round} class="mark none">
              ·
            </span>
          );
        })}
      </span>
    </span>
  );
}

/** What the marks' letters stand for. */
export function Legend({ table }: { table: ProbeTable }) {
  const verdictOf = useVerdicts();
  const present = new Map<string, ReturnType<typeof verdictOf>>();
  for (const { suite, verdicts } of table.rows)
    for (const id of Object.values(verdicts)) {
      const verdict = verdictOf(id, suite);
      present.set(`${verdict.letter} ${verdict.label}`, verdict);
    }
  return (
    <p class="legend">
      {[...present]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, { label, letter, tone }]) => (
          <span key={key}>
            <span class={`mark tone-${tone}`} aria-hidden="true">
              {letter}
            </span>
            {` ${label} `}
          </span>
        ))}
    </p>
  );
}
