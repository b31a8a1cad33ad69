import type { ProbeRow, ProbeTable } from "../../../api.js";
import { points } from "../../format.js";
import { VerdictMark } from "../../parts/tags.js";
import { useVerdicts } from "../../state/suites.js";
import { numbersWords, Score, scoreName } from "./score.js";

/** Rounds that fit beside a name on a phone. */
const BESIDE = 6;
/** Rounds in a line beneath it; the columns of `.many .marks`. */
const IN_LINE = 10;

/** How high a row is, in pixels: the same for all. */
export function rowHeight({ rounds, suites }: ProbeTable): number {
  const isScored = suites.some(({ score }) => score !== null);
  if (rounds.length <= BESIDE) return isScored ? 52 : 42;
  return (isScored ? 52 : 36) + Math.ceil(rounds.length / IN_LINE) * (isScored ? 42 : 28);
}

/** A probe in the list, with a mark for every round and, where scores tell more than verdicts, the score beneath it. */
export function ProbeLine({ row, table }: { row: ProbeRow; table: ProbeTable }) {
  const { rounds } = table;
  const kind = row.subset.replaceAll("_", " ");
  const score = scoreName(table, row.suite);
  return (
    <span class={rounds.length > BESIDE ? "row-head many" : "row-head"}>
      {score !== undefined ? (
        <span class="row-name">
          {`${row.probe} `}
          <small>{row.moved === null ? kind : `${points(row.moved)} · ${kind}`}</small>
        </span>
      ) : (
        <>
          <span class="row-name">{row.probe}</span>
          <span class="row-kind roomy">{kind}</span>
        </>
      )}
      <span class="marks">
        {rounds.map((round) => (
          <span key={round} class="round">
            <Mark row={row} round={round} />
            {score !== undefined && <Score score={row.scores[round]} name={score} />}
          </span>
        ))}
      </span>
    </span>
  );
}

function Mark({ row, round }: { row: ProbeRow; round: number }) {
  const verdict = row.verdicts[round];
  if (verdict !== undefined) return <VerdictMark suite={row.suite} verdict={verdict} round={round} />;
  return <span class="mark none">·</span>;
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
      <span>{numbersWords(table)}</span>
    </p>
  );
}
