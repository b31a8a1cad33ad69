import { methods } from "../../methods/index.js";
import {
  type IndexStore,
  type LineIndex,
  type SkimmedInteraction,
  type SkimmedRow,
  skimInteraction,
  skimRow,
} from "../../runs/index.js";
import type { Fate } from "../api.js";
import { type FoundRun, readFound } from "../folder/index.js";

/** The rows of the training data that a conversation became. */
type Taught = { label: boolean; rows: { line: number; exchange: number }[] };

/** The conversations of a round, as far as they have been held. */
export type RoundTalks = {
  round: number;
  /** DPO compares the replies to one turn with each other, not conversations. */
  paired: boolean;
  index: LineIndex<SkimmedInteraction>;
  /** By the conversation's id; undefined before the selection. */
  taught: ReadonlyMap<string, Taught> | undefined;
};

/** The conversations of all rounds, or of one. */
export async function readTalks(run: FoundRun, indices: IndexStore, only?: number): Promise<RoundTalks[]> {
  const { manifest, disk } = await readFound(run);
  const { scenario } = manifest;
  const rounds = only === undefined ? Array.from({ length: scenario.rounds }, (_, at) => at + 1) : [only];
  const talks: RoundTalks[] = [];
  for (const round of rounds) {
    const at = disk.round(round);
    const index = await at.interactions.index(indices, skimInteraction);
    if (!index) continue;
    const rows = await at.preference.index(indices, skimRow);
    const paired = methods[scenario.training.method].rows === "pair";
    talks.push({ round, paired, index, taught: rows && taughtBy(rows) });
  }
  return talks;
}

/** What became of a conversation. */
export function fateOf({ id, error, reward }: SkimmedInteraction, { taught, paired }: RoundTalks): Fate {
  const chosen = taught?.get(id);
  // Who chose between replies gave no reward.
  if (error !== null || (reward === null && !chosen)) return "unusable";
  if (!taught) return "pending";
  if (!chosen) return "unused";
  if (paired) return "compared";
  return chosen.label ? "top" : "bottom";
}

/** Gathered once for each state of a file. */
const gathered = new WeakMap<readonly SkimmedRow[], { count: number; taught: Map<string, Taught> }>();

function taughtBy({ items }: LineIndex<SkimmedRow>): Map<string, Taught> {
  const before = gathered.get(items);
  if (before?.count === items.length) return before.taught;
  const taught = new Map<string, Taught>();
  for (const [at, { interaction, exchange, label }] of items.entries()) {
    const row = { line: at + 1, exchange };
    const known = taught.get(interaction);
    if (known) known.rows.push(row);
    else taught.set(interaction, { label, rows: [row] });
  }
  gathered.set(items, { count: items.length, taught });
  return taught;
}
