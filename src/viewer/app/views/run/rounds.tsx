import type { RoundRow, RunView } from "../../../api.js";
import { count, duration, fixed } from "../../format.js";
import { ScrollRegion } from "../../parts/scroll-region.js";
import { runLink } from "../../state/place.js";
import { type Measure, measured, measuresOf, shown } from "./measures.js";

/** Every complete round in numbers. */
export function Rounds({ view }: { view: RunView }) {
  const { rounds, entry } = view;
  const columns = measuresOf(view.suites, rounds);
  const failed = rounds.some(({ unusable }) => unusable > 0);
  return (
    <section aria-label="Rounds">
      {rounds.length > 0 && (
        <>
          <h2>Rounds</h2>
          <ScrollRegion class="card" label="Rounds in numbers">
            <table class="dense">
              <thead>
                <tr>
                  <th scope="col">Round</th>
                  {[
                    ...columns.map(({ label }) => label),
                    "Users",
                    "Mean reward",
                    ...(failed ? ["Unusable"] : []),
                    "Rows",
                    "Loss",
                    "Time",
                  ].map((label) => (
                    <th key={label} scope="col" class="number">
                      {label}
                    </th>
                  ))}
                  <th scope="col" class="read">
                    Read
                  </th>
                </tr>
              </thead>
              <tbody>
                {rounds.map((row) => (
                  <Line key={row.round} row={row} run={entry.id} columns={columns} failed={failed} />
                ))}
              </tbody>
            </table>
          </ScrollRegion>
        </>
      )}
    </section>
  );
}

type LineProps = {
  row: RoundRow;
  run: string;
  columns: readonly Measure[];
  /** Whether any round had talks that could not be used: else there is no column of them. */
  failed: boolean;
};

function Line({ row, run, columns, failed }: LineProps) {
  const { round, mean_reward, unusable, rows, loss_first, loss_last, seconds } = row;
  const trained = round > 0;
  return (
    <tr>
      <th scope="row" class="wraps">
        {trained ? round : "0, untrained"}
      </th>
      {columns.map((one) => (
        <td key={`${one.suite}/${one.metric}`} class="number">
          {shown(measured(row, one), one)}
        </td>
      ))}
      <td class="number wraps">{trained && usersOf(row)}</td>
      <td class="number">{mean_reward !== null && fixed(mean_reward, 2)}</td>
      {failed && <td class="number">{trained && count(unusable)}</td>}
      <td class="number">{trained && count(rows)}</td>
      <td class="number wraps">
        {loss_first !== null && `${fixed(loss_first, 3)} →\u00a0${fixed(loss_last, 3)}`}
      </td>
      <td class="number">{duration(seconds)}</td>
      <td class="wraps read">
        {trained && (
          <a href={runLink("conversations", run, { round })} aria-label={`Conversations of round ${round}`}>
            conversations
          </a>
        )}{" "}
        <a href={runLink("probes", run, { round })} aria-label={`Probes after round ${round}`}>
          probes
        </a>
      </td>
    </tr>
  );
}

/** In one order in all rounds, a number with its persona. */
function usersOf({ users }: RoundRow): string {
  return Object.entries(users)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([persona, number]) => `${number}\u00a0${persona}`)
    .join(", ");
}
