import { type IndexStore, parseInteraction, whileWritten } from "../../runs/index.js";
import type { ConversationFilter, ConversationPage, ConversationRow, Facets } from "../api.js";
import type { FoundRun } from "../folder/index.js";
import { fateOf, type RoundTalks, readTalks } from "./files.js";

const SHOWN = 160;

/** A conversation's place: which round's file, which line. */
type Place = { talks: RoundTalks; at: number };

/** What the conversations of a run can be filtered by. */
export async function readFacets(run: FoundRun, indices: IndexStore): Promise<Facets> {
  const rounds = await readTalks(run, indices);
  const personas = new Set<string>();
  const situations = new Set<string>();
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { index } of rounds) {
    for (const { persona, situation, reward } of index.items) {
      personas.add(persona);
      situations.add(situation);
      if (reward === null) continue;
      min = Math.min(min, reward);
      max = Math.max(max, reward);
    }
  }
  return {
    rounds: rounds.map(({ round, index }) => ({ round, count: index.items.length })),
    personas: [...personas].sort(),
    situations: [...situations].sort(),
    rewards: min <= max ? { min, max } : null,
  };
}

/** Some of the conversations that pass a filter, from `offset` on. Text is looked for in what people and models say. */
export async function queryConversations(
  run: FoundRun,
  filter: ConversationFilter,
  page: Page,
  indices: IndexStore,
): Promise<ConversationPage> {
  return await whileWritten(() => query(run, filter, page, indices));
}

type Page = { offset: number; limit: number; signal?: AbortSignal };

async function query(
  run: FoundRun,
  filter: ConversationFilter,
  page: Page,
  indices: IndexStore,
): Promise<ConversationPage> {
  const rounds = await readTalks(run, indices, filter.round);
  const all = rounds.reduce((sum, { index }) => sum + index.items.length, 0);
  const state = rounds.map(({ round, index, taught }) => [round, index.items.length, taught?.size]);
  const places = await remembered(JSON.stringify([run.folder, filter, state]), () =>
    select(rounds, filter, page.signal),
  );
  return {
    total: places.length,
    all,
    offset: page.offset,
    rows: await rowsOf(places.slice(page.offset, page.offset + page.limit)),
  };
}

async function select(
  rounds: readonly RoundTalks[],
  filter: ConversationFilter,
  signal?: AbortSignal,
): Promise<Place[]> {
  const { persona, situation, fate, min, max, text = "", order = "file" } = filter;
  const places: Place[] = [];
  for (const talks of rounds) {
    const hits = text.trim() === "" ? undefined : await search(talks, text.trim(), signal);
    for (const [at, item] of talks.index.items.entries()) {
      if (persona !== undefined && item.persona !== persona) continue;
      if (situation !== undefined && item.situation !== situation) continue;
      if (min !== undefined && (item.reward === null || item.reward < min)) continue;
      if (max !== undefined && (item.reward === null || item.reward > max)) continue;
      if (fate !== undefined && fateOf(item, talks) !== fate) continue;
      if (hits && !hits.has(at)) continue;
      places.push({ talks, at });
    }
  }
  if (order === "file") return places;
  const sign = order === "high" ? -1 : 1;
  const rewardOf = ({ talks, at }: Place): number =>
    talks.index.items[at]!.reward ?? sign * Number.POSITIVE_INFINITY;
  return places.sort((a, b) => sign * (rewardOf(a) - rewardOf(b)) || 0);
}

/** Lines whose conversation contains the text, whatever its case. */
async function search({ index }: RoundTalks, text: string, signal?: AbortSignal): Promise<Set<number>> {
  const wanted = text.toLowerCase();
  // As it stands in JSON; names of fields may match too, so what matches is looked at again.
  const raw = JSON.stringify(wanted).slice(1, -1);
  const hits = new Set<number>();
  await index.scan((at, line) => {
    const source = line.toString("utf8");
    if (!source.toLowerCase().includes(raw)) return;
    const { id, messages } = parseInteraction(source);
    if (id === text || messages.some(({ content }) => content.toLowerCase().includes(wanted))) hits.add(at);
  }, signal);
  return hits;
}

async function rowsOf(places: readonly Place[]): Promise<ConversationRow[]> {
  const texts = new Map<Place, string>();
  for (const talks of new Set(places.map((place) => place.talks))) {
    const own = places.filter((place) => place.talks === talks);
    const lines = await talks.index.readMany(own.map(({ at }) => at));
    for (const [index, place] of own.entries()) texts.set(place, lines[index]!);
  }
  return places.map((place) => {
    const interaction = parseInteraction(texts.get(place)!);
    const { id, persona, situation, reward, ratings, messages, error } = interaction;
    const first = (role: string) => messages.find((message) => message.role === role)?.content ?? "";
    return {
      round: place.talks.round,
      id,
      persona,
      situation,
      reward,
      ratings,
      fate: fateOf(interaction, place.talks),
      opening: first("user").slice(0, SHOWN),
      reply: (error ?? first("assistant")).slice(0, SHOWN),
    };
  });
}

const MOST = 8;
const results = new Map<string, Promise<Place[]>>();

/** Scrolling asks for the same result page by page. */
async function remembered(key: string, find: () => Promise<Place[]>): Promise<Place[]> {
  const found = results.get(key) ?? find();
  results.delete(key);
  results.set(key, found);
  for (const oldest of results.keys()) {
    if (results.size <= MOST) break;
    results.delete(oldest);
  }
  try {
    return await found;
  } catch (error) {
    results.delete(key); // an aborted search is no result
    throw error;
  }
}
