import { type Catalogue, catalogueOf, nameOf } from "../../evaluation/index.js";
import { isBetween, leadingShares, moveOf, movesOf, scoresWords, verdictsWords } from "../../report/index.js";
import type { IndexStore, SkimmedProbe } from "../../runs/index.js";
import type { ProbeRow, ProbeTable } from "../api.js";
import { describedSuites, type FoundRun, readFound } from "../folder/index.js";
import { type RoundProbes, readProbes } from "./rounds.js";

/** Every probe with its verdict in every round and, where it tells more, its score. */
export async function readProbeTable(run: FoundRun, indices: IndexStore): Promise<ProbeTable> {
  const complete = (await readFound(run)).rounds;
  const rounds = await readProbes(run, indices);
  const catalogue = catalogueOf(describedSuites(complete));
  const all = rounds.flatMap(({ index }) => [...index.items]);
  const leads = finerLeads(all, catalogue);
  const rows = new Map<string, ProbeRow>();
  const subsets = new Map<string, Set<string>>();
  for (const { round, index } of rounds) {
    for (const { suite, subset, probe, verdict, scores } of index.items) {
      const key = `${suite}/${probe}`;
      const row = rows.get(key) ?? { suite, subset, probe, verdicts: {}, scores: {}, moved: null };
      row.verdicts[round] = verdict;
      const score = scores[leads.get(suite) ?? ""];
      if (score !== undefined) row.scores[round] = score;
      rows.set(key, row);
      subsets.set(suite, (subsets.get(suite) ?? new Set()).add(subset));
    }
  }
  return {
    rounds: rounds.map(({ round }) => round),
    suites: [...subsets].map(([suite, names]) => {
      const lead = leads.get(suite);
      const score = lead === undefined ? null : nameOf(catalogue.metric(lead, suite));
      return { suite, subsets: [...names].sort(), score };
    }),
    verdicts: [...new Set(all.map(({ verdict }) => verdict))].sort(),
    rows: [...rows.values()],
    words: toldOf(rows, rounds, complete.length - 1, leads, catalogue),
  };
}

/** The metrics that suites are spoken of with, of those in which a score tells more than its verdict. */
function finerLeads(all: readonly SkimmedProbe[], catalogue: Catalogue): Map<string, string> {
  const leads = leadingShares(all, catalogue);
  const finer = new Set(
    all.filter(({ suite, scores }) => isBetween(scores[leads.get(suite) ?? ""])).map(({ suite }) => suite),
  );
  return new Map([...leads].filter(([suite]) => finer.has(suite)));
}

/** Sets into the rows how far they moved up to the last complete round, and says what became of all of them. */
function toldOf(
  rows: ReadonlyMap<string, ProbeRow>,
  rounds: readonly RoundProbes[],
  lastRound: number,
  leads: ReadonlyMap<string, string>,
  catalogue: Catalogue,
): string | null {
  const itemsOf = (wanted: number) => rounds.find(({ round }) => round === wanted)?.index.items ?? [];
  if (lastRound < 1 || leads.size === 0) return null;
  const moves = movesOf(itemsOf(0), itemsOf(lastRound), lastRound, catalogue);
  for (const { before, after } of moves.pairs) {
    const row = rows.get(`${before.suite}/${before.probe}`);
    if (row) row.moved = moveOf({ before, after }, leads.get(before.suite)) ?? null;
  }
  const words = scoresWords(moves);
  return words === "" ? null : `${verdictsWords(moves)}. ${words}.`;
}
