import type { Decoder } from "./decoder.js";
import { allocate, type KeyValues } from "./kv-arrays.js";
import { likeliest, logProbability, type Prediction } from "./sample.js";
import { TextTree } from "./text-tree.js";
import type { ScoreRequest, ScoreResult } from "./types.js";

/** A tree to read, and who is told what the model says behind which of its tokens. */
type TreeRow = { tree: TextTree; told: Map<number, { request: number; position: number }[]> };
/** A prompt, and which of the requests come after it. */
type Prompt = { ids: readonly number[]; requests: number[] };

/**
 * Tokens of a tree that holds more than one prompt. Sums over the tokens of a row are made in blocks of 256, so within one block no
 * bit of a result depends on what else stands in the tree.
 */
const SHARED_TOKENS = 256;
/** Tokens of any tree: attention grows with their square. */
const MOST_TOKENS = 512;
/** Padded tokens in one run: enough that reading the weights costs little beside using them. */
const RUN_TOKENS = 768;
const RUN_LOGIT_BYTES = 64 * 2 ** 20;
/** Padding of a run beyond which another run is cheaper. */
const RUN_PADDING = 1 / 16;

/** Whether a text is short enough to be read as a part of a tree. */
export function fitsTree({ prompt, completion }: ScoreRequest): boolean {
  return prompt.length + completion.length <= MOST_TOKENS;
}

/**
 * Scores texts by reading trees of them: equal beginnings are read once, and so are the beginnings of all answers to one prompt, in
 * the same run as the prompt. Nothing is remembered. `onRead` is told how many tokens each run computes.
 */
export async function scoreTrees(
  decoder: Decoder,
  requests: readonly ScoreRequest[],
  onRead: (tokens: number) => void,
): Promise<ScoreResult[]> {
  const results = requests.map(
    ({ completion }): ScoreResult => ({
      logprobs: completion.map(() => 0),
      alternatives: [],
    }),
  );
  const tell = ({ request, position }: { request: number; position: number }, prediction: Prediction) => {
    const { completion, alternatives } = requests[request]!;
    const result = results[request]!;
    result.logprobs[position] = logProbability(prediction, completion[position]!);
    if (alternatives) result.alternatives[position] = likeliest(prediction.logits, alternatives);
  };
  const rows = plant(requests, decoder.config.hiddenSize);
  for (const run of runsOf(rows, decoder.config.vocabSize)) await read(decoder, run, { tell, onRead });
  return results;
}

/** The texts as trees: the answers to each prompt behind it, and prompts together where what they share is worth it. */
function plant(requests: readonly ScoreRequest[], hiddenSize: number): TreeRow[] {
  const rows: TreeRow[] = [];
  let row: TreeRow | undefined;
  for (const { ids, requests: asked } of promptsOf(requests)) {
    const added = ids.length + asked.reduce((sum, at) => sum + requests[at]!.completion.length, 0);
    const shared = row?.tree.shared(ids) ?? 0;
    if (!row || !isWorthIt({ shared, added, size: row.tree.size, hiddenSize })) {
      row = { tree: new TextTree(), told: new Map() };
      rows.push(row);
    }
    for (const request of asked) {
      const { completion } = requests[request]!;
      // Answers that are many or long need not stand in one tree either.
      if (row.tree.size + ids.length + completion.length > MOST_TOKENS) {
        row = { tree: new TextTree(), told: new Map() };
        rows.push(row);
      }
      const end = row.tree.add(ids).at(-1)!;
      const places = [end, ...row.tree.add(completion.slice(0, -1), end)];
      for (const [position, place] of places.entries())
        row.told.set(place, [...(row.told.get(place) ?? []), { request, position }]);
    }
  }
  return rows;
}

/** Tokens that are not read twice against attention among tokens that do not see each other; its small products are slow. */
function isWorthIt(one: { shared: number; added: number; size: number; hiddenSize: number }): boolean {
  const fresh = one.added - one.shared;
  return one.size + fresh <= SHARED_TOKENS && one.shared * one.hiddenSize > 2 * one.size * fresh;
}

/** Every prompt once, in the order of their tokens, so that equal beginnings stand side by side. */
export function promptsOf(requests: readonly ScoreRequest[]): Prompt[] {
  const prompts = new Map<string, Prompt>();
  const keys = new Map<readonly number[], string>();
  for (const [index, { prompt: ids }] of requests.entries()) {
    const key = keys.get(ids) ?? ids.join();
    keys.set(ids, key);
    const prompt = prompts.get(key) ?? { ids, requests: [] };
    prompt.requests.push(index);
    prompts.set(key, prompt);
  }
  return [...prompts.values()].sort((a, b) => {
    const at = a.ids.findIndex((id, place) => id !== b.ids[place]);
    return at < 0 || at >= b.ids.length ? a.ids.length - b.ids.length : a.ids[at]! - b.ids[at]!;
  });
}

/** Trees of like size together, in runs of limited size. */
function runsOf(rows: readonly TreeRow[], vocabSize: number): TreeRow[][] {
  const runs: TreeRow[][] = [];
  let [positions, filled] = [0, 0];
  for (const row of rows.toSorted((a, b) => b.tree.size - a.tree.size)) {
    const run = runs.at(-1);
    const tokens = run ? (run.length + 1) * run[0]!.tree.size : 0;
    const isFull =
      tokens > RUN_TOKENS ||
      tokens - filled - row.tree.size > RUN_TOKENS * RUN_PADDING ||
      (positions + row.told.size) * vocabSize * Float32Array.BYTES_PER_ELEMENT > RUN_LOGIT_BYTES;
    if (!run || isFull) {
      runs.push([row]);
      [positions, filled] = [row.told.size, row.tree.size];
      continue;
    }
    run.push(row);
    positions += row.told.size;
    filled += row.tree.size;
  }
  return runs;
}

type Listeners = {
  tell: (whom: { request: number; position: number }, prediction: Prediction) => void;
  onRead: (tokens: number) => void;
};

async function read(decoder: Decoder, rows: readonly TreeRow[], { tell, onRead }: Listeners): Promise<void> {
  const sequence = rows[0]!.tree.size;
  const fill = (values: readonly number[]): number[] => [
    ...values,
    ...new Array<number>(sequence - values.length).fill(0),
  ];
  const places = rows.flatMap(({ told }, row) =>
    [...told].map(([place, whom]) => ({ index: row * sequence + place, whom })),
  );
  const { predictions } = await decoder.run({
    ids: rows.flatMap(({ tree }) => fill(tree.tokens)),
    sequence,
    starts: rows.map(() => 0),
    past: nothing(decoder, rows.length),
    logitIndex: places.map(({ index }) => index),
    temperatures: places.map(() => 1),
    trees: { positions: rows.flatMap(({ tree }) => fill(tree.depth)), of: rows.map(({ tree }) => tree) },
  });
  onRead(rows.reduce((sum, { tree }) => sum + tree.size, 0));
  for (const [at, { whom }] of places.entries()) for (const one of whom) tell(one, predictions[at]!);
}

/** An empty past is not allowed: one token that nobody sees stands for it. */
function nothing({ config }: Decoder, rows: number): KeyValues {
  return allocate(config, rows, 1);
}
