import type { Comparison } from "../../../api.js";
import { ScrollRegion } from "../scroll-region.js";

/** Settings that are not the same in all runs of a figure. */
export function Settings({ comparison }: { comparison: Pick<Comparison, "differing" | "rows"> }) {
  const labels = [...new Set(comparison.rows.map(({ label }) => label))];
  return (
    <details>
      <summary>Settings that differ</summary>
      <ScrollRegion label="Settings that differ">
        <table>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              {labels.map((label) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {comparison.differing.map(({ field, values }) => (
              <tr key={field}>
                <th scope="row">
                  <code>{field}</code>
                </th>
                {labels.map((label) => (
                  <td key={label}>{values[label] ?? ""}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}
