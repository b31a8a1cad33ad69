import type { Comparison } from "../../../api.js";
import { count } from "../../format.js";

/** Runs that were put other numbers of probes differ for that reason alone. */
export function UnlikeProbes({ probes }: Pick<Comparison, "probes">) {
  const counts = [...new Set(Object.values(probes).flat())].sort((a, b) => a - b);
  if (counts.length < 2) return null;
  return (
    <p class="caution" role="note">
      {`These runs were put different numbers of probes (${counts.map(count).join(", ")}). A difference between them may come from the probes alone, and few probes make wide intervals.`}
    </p>
  );
}
