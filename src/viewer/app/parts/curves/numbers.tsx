import type { ComparedRow } from "../../../api.js";
import { fixed, percent } from "../../format.js";
import { ScrollRegion } from "../scroll-region.js";

/** The numbers of a figure, a line each, with their intervals. */
export function Numbers({ rows }: { rows: readonly ComparedRow[] }) {
  const labels = [...new Set(rows.map(({ label }) => label))];
  const rounds = [...new Set(rows.map(({ round }) => round))].sort((a, b) => a - b);
  return (
    <details>
      <summary>The numbers</summary>
      <ScrollRegion label="The numbers of the figure">
        <table>
          <thead>
            <tr>
              <th scope="col">Runs</th>
              <th scope="col" class="number">
                Seeds
              </th>
              {rounds.map((round) => (
                <th key={round} scope="col" class="number">{`Round ${round}`}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {labels.map((label) => (
              <Line
                key={label}
                label={label}
                rows={rows.filter((row) => row.label === label)}
                rounds={rounds}
              />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}

type LineProps = { label: string; rows: readonly ComparedRow[]; rounds: readonly number[] };

function Line({ label, rows, rounds }: LineProps) {
  return (
    <tr>
      <th scope="row">{label}</th>
      <td class="number">{rows[0]?.seeds}</td>
      {rounds.map((round) => {
        const row = rows.find((one) => one.round === round);
        return (
          <td key={round} class="number">
            {row && (
              <>
                {percent(row.value)} <small>{range(row)}</small>
              </>
            )}
          </td>
        );
      })}
    </tr>
  );
}

function range({ low, high }: ComparedRow): string {
  return `[${fixed(100 * low, 1)}, ${fixed(100 * high, 1)}]`;
}
