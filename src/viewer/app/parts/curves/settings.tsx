import type { Comparison } from "../../../api.js";
import { counted } from "../../format.js";
import { ScrollRegion } from "../scroll-region.js";

type Compared = Pick<Comparison, "differing" | "same" | "rows">;

/** The settings of a figure's runs side by side: first what differs, then, folded, what is the same in all. */
export function Settings({ comparison: { rows, differing, same } }: { comparison: Compared }) {
  const labels = [...new Set(rows.map(({ label }) => label))];
  return (
    <>
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
              {differing.map(({ field, values }) => (
                <tr key={field}>
                  <Field name={field} />
                  {labels.map((label) => (
                    <td key={label}>{values[label] ?? ""}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
      <details>
        <summary>{`${counted(same.length, "setting")} that all share`}</summary>
        <ScrollRegion label="Settings that all share">
          <table>
            <tbody>
              {same.map(({ field, value }) => (
                <tr key={field}>
                  <Field name={field} />
                  <td>{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      </details>
    </>
  );
}

function Field({ name }: { name: string }) {
  return (
    <th scope="row">
      <code>{name}</code>
    </th>
  );
}
