import { type CellId, isCell, type Observation } from "../../drift/index.js";
import type { Catalogue } from "../../evaluation/index.js";
import { group } from "../../group.js";
import { counted } from "../../numbers.js";
import { differing } from "../figures/parts.js";
import type { Terms } from "../terms.js";
import { type Broken, brokenIn, brokenWords, type Level } from "./broken.js";

/** A run whose model broke while others of its cell did not, so that the cell's mean does not show it. */
export type BrokenRun = Broken & Pick<Observation, "run" | "seed">;

/** Runs that are told by name. */
const NAMED = 3;

/** The runs whose own model broke by the given round, but for those of cells that broke as a whole. */
export function brokenRuns(
  observations: readonly Observation[],
  at: { suite: string; round: number },
  { catalogue, broken }: { catalogue: Catalogue; broken: readonly CellId[] },
): BrokenRun[] {
  return levelsByRun(observations, at.round).flatMap(({ run, seed, levels }) =>
    brokenIn(levels, at, catalogue)
      .filter((one) => !broken.some((cell) => isCell(cell, one)))
      .map((one) => ({ ...one, run, seed })),
  );
}

/** What each run came to before training and in a round, over all of its probes. */
function levelsByRun(observations: readonly Observation[], round: number) {
  type Sum = { row: Observation; sum: number; count: number };
  const runs = new Map<string, Map<string, Sum>>();
  for (const one of observations) {
    if (one.apart || (one.round !== 0 && one.round !== round)) continue;
    const own = runs.get(one.run) ?? new Map<string, Sum>();
    runs.set(one.run, own);
    const key = JSON.stringify([one.round, one.suite, one.metric]);
    const known = own.get(key) ?? { row: one, sum: 0, count: 0 };
    own.set(key, { ...known, sum: known.sum + one.value, count: known.count + 1 });
  }
  return [...runs].map(([run, sums]) => {
    const all = [...sums.values()];
    const levels = all.map(({ row, sum, count }): Level => ({ ...row, subset: "all", value: sum / count }));
    return { run, seed: all[0]!.row.seed, levels };
  });
}

/** Loud, since a mean over seeds hides it; the first few by name. `round` is the one that is spoken of: another is named. */
export function brokenRunsWords(
  runs: readonly BrokenRun[],
  { of, terms, round }: { of: number; terms: Terms; round: number },
): string[] {
  return [...group(runs, (one) => one.round)].map(([at, some]) =>
    wordsOf(some, { of, terms, when: at === round ? "" : ` by round ${at}` }),
  );
}

function wordsOf(
  runs: readonly BrokenRun[],
  { of, terms, when }: { of: number; terms: Terms; when: string },
): string {
  const nameOf = differing(runs, ["scenario", "method"]);
  const told = runs.slice(0, NAMED).map((run) => {
    const name = nameOf(run);
    return `seed ${run.seed}${name === "" ? "" : ` (${name})`} with ${terms.of(run.biased)}: ${brokenWords(run)}`;
  });
  const rest = runs.length > NAMED ? `; and ${runs.length - NAMED} more` : "";
  return `THE MODEL BROKE${when} in ${runs.length} of ${counted(of, "run")}, which means over seeds hide: ${told.join("; ")}${rest}. What such a model says is no sign of honesty or of lying.`;
}
