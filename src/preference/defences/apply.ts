import type { Interaction } from "../../interaction/types.js";
import type { PreferenceData } from "../types.js";
import type { Candidate, Defence, DefenceContext } from "./types.js";

/** What a stage took in and let through: conversations that have a reward, or rows. */
export type DefenceCount = {
  kind: string;
  of: "conversations" | "rows";
  in: number;
  out: number;
  /** Rows that say something else than before, of a stage that rewrites rows. */
  changed?: number;
};

/** Makes the context of the stage at a place in the list. */
export type ContextOf = (index: number, kind: string) => DefenceContext;

/** Lets conversations through all stages in turn. Conversations that failed take no part. */
export async function screen(
  defences: readonly Defence[],
  interactions: readonly Interaction[],
  contextOf: ContextOf,
): Promise<{ candidates: readonly Candidate[]; counts: DefenceCount[] }> {
  let candidates: readonly Candidate[] = interactions.filter(({ error }) => error === null);
  const counts: DefenceCount[] = [];
  for (const [index, { kind, screen }] of defences.entries()) {
    if (!screen) continue;
    const before = candidates;
    candidates = await screen(before, contextOf(index, kind));
    refuseStrangers(candidates, before, kind);
    counts.push({ kind, of: "conversations", in: rewarded(before), out: rewarded(candidates) });
  }
  return { candidates, counts };
}

/** Lets rows through all stages in turn. */
export async function amend(
  defences: readonly Defence[],
  data: PreferenceData,
  contextOf: ContextOf,
): Promise<{ data: PreferenceData; counts: DefenceCount[] }> {
  let amended = data;
  const counts: DefenceCount[] = [];
  for (const [index, { kind, amend, rewrites }] of defences.entries()) {
    if (!amend || amended.rows.length === 0) continue;
    const before = amended;
    amended = await amend(before, contextOf(index, kind));
    const change = rewrites ? { changed: strangersIn(amended, before) } : {};
    if (amended !== before || rewrites)
      counts.push({ kind, of: "rows", in: before.rows.length, out: amended.rows.length, ...change });
  }
  return { data: amended, counts };
}

function strangersIn(after: PreferenceData, before: PreferenceData): number {
  const known = new Set<unknown>(before.rows);
  return [...after.rows].filter((row) => !known.has(row)).length;
}

function rewarded(candidates: readonly Candidate[]): number {
  return candidates.filter(({ reward }) => reward !== null).length;
}

/** A stage that made conversations up would make the record of who taught what untrue. */
function refuseStrangers(after: readonly Candidate[], before: readonly Candidate[], kind: string): void {
  const known = new Set(before.map(({ id }) => id));
  for (const { id, reward } of after) {
    // Nobody can say which of two is the better where one is no number.
    if (reward !== null && !Number.isFinite(reward))
      throw new Error(
        `the defence ${kind} gave the conversation ${id} the reward ${String(reward)}, which is no number`,
      );
    if (!known.delete(id))
      throw new Error(
        `the defence ${kind} gave the conversation ${id}, which it was not given or gave twice`,
      );
  }
}
