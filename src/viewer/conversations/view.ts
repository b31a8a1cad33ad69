import { relative } from "node:path";
import { type IndexStore, parseInteraction, runPaths, whileWritten } from "../../runs/index.js";
import type { ConversationView } from "../api.js";
import type { FoundRun } from "../folder/index.js";
import { fateOf, readTalks } from "./files.js";

/** One conversation with what became of it; undefined where the round has none of that id. */
export async function readConversation(
  run: FoundRun,
  place: ConversationPlace,
  indices: IndexStore,
): Promise<ConversationView | undefined> {
  return await whileWritten(() => viewOf(run, place, indices));
}

type ConversationPlace = { round: number; id: string };

async function viewOf(
  run: FoundRun,
  { round, id }: ConversationPlace,
  indices: IndexStore,
): Promise<ConversationView | undefined> {
  const [talks] = await readTalks(run, indices, round);
  const at = talks?.index.items.findIndex((item) => item.id === id) ?? -1;
  if (!talks || at < 0) return undefined;
  const item = talks.index.items[at]!;
  const rewards = talks.index.items.flatMap(({ reward }) => (reward === null ? [] : [reward]));
  const { reward } = item;
  return {
    interaction: parseInteraction(await talks.index.read(at)),
    fate: fateOf(item, talks),
    rows: talks.taught?.get(id)?.rows ?? [],
    file: relative(run.folder, runPaths(run.folder).round(round).preference),
    rank:
      reward === null
        ? null
        : { above: rewards.filter((other) => other > reward).length, of: rewards.length },
  };
}
