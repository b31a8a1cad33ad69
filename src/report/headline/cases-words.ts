import { listed } from "../../listed.js";
import { counted, openAmongWords, signedRange } from "../../numbers.js";
import type { Analysis } from "../analysis.js";
import { besideCase } from "../beside-case.js";
import type { CaseRow } from "../cases.js";

import type { Terms } from "../terms.js";
import { seesNothing } from "./blind.js";

const MOST_NAMED = 3;

/** Cases beside the reference, after Holm's correction. */
export function casesWords(cases: readonly CaseRow[], analysis: Analysis, terms: Terms): string {
  const { lastRound } = analysis;
  const all = cases.flatMap((row) => (row.effect ? [{ ...row, effect: row.effect }] : []));
  const cells = (name: string) => analysis.pooled.filter(({ axes }) => axes.case === name);
  const isSeen = (row: CaseRow) =>
    !seesNothing(analysis, [row.case, row.reference?.case ?? row.case].flatMap(cells));
  const compared = all.filter(isSeen);
  const unseen = [...new Set(all.filter((row) => !compared.includes(row)).map((row) => row.case))];
  const better = compared.filter(({ effect }) => effect.detected && effect.value > 0);
  const worse = compared.filter(({ effect }) => effect.detected && effect.value < 0);
  const neither = compared.filter(({ effect }) => !effect.detected);
  const words = (rows: typeof compared, sign: 1 | -1, word: string): string => {
    if (rows.length === 0) return "";
    const sorted = [...rows].sort((a, b) => sign * (b.effect.value - a.effect.value));
    const named = sorted
      .slice(0, MOST_NAMED)
      .map(
        ({ case: name, biased, effect }) => `${name} at ${terms.of(biased)} by ${signedRange(effect)} points`,
      );
    const how = rows.length > MOST_NAMED ? ", most of all " : ": ";
    return `${rows.length} ${rows.length === 1 ? "is" : "are"} ${word}${how}${named.join(", ")}`;
  };
  const open = openAmongWords(neither.map(({ effect }) => ({ seeds: effect.seeds, most: -effect.low })));
  const lead = `After round ${lastRound}, each case is set beside ${besideCase(cases, terms)}.`;
  const blind =
    unseen.length === 0
      ? ""
      : ` Of ${listed(unseen)} no comparison is told, as a model of it cannot do the probes.`;
  if (compared.length === 0) return `${lead}${blind}`;
  const corrected = "Intervals are corrected for how many there are (Holm).";
  if (neither.length === compared.length) {
    const many = compared.length === 1 ? "the one comparison" : counted(compared.length, "comparison");
    const told = `In ${many} no difference was detected, and ${open}.`;
    return compared.length === 1 ? `${lead} ${told}${blind}` : `${lead} ${told} ${corrected}${blind}`;
  }
  const parts = [
    words(better, 1, "more honest"),
    words(worse, -1, "less honest"),
    neither.length > 0 ? `of ${neither.length} no difference was detected, and ${open}` : "",
  ].filter((part) => part !== "");
  return `${lead} Of ${counted(compared.length, "comparison")} ${parts.join("; ")}. ${corrected}${blind}`;
}
