import type { DamagedEntry } from "../../../api.js";
import { counted } from "../../format.js";

/** Runs and sweeps that cannot be read, each with why. The others are not hidden by them. */
export function Damaged({ entries }: { entries: readonly DamagedEntry[] }) {
  if (entries.length === 0) return null;
  return (
    <section class="card damaged" aria-label="What cannot be read">
      <h2>{`${counted(entries.length, "folder")} cannot be read`}</h2>
      <ul class="problems">
        {entries.map(({ id, problem }) => (
          <li key={id}>
            <b>{id}</b>
            {`: ${problem}`}
          </li>
        ))}
      </ul>
    </section>
  );
}
