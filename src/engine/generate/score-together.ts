import type { Branches, Prefill, Reading } from "./prefill.js";
import { likeliest, logProbability, type Prediction } from "./sample.js";
import { promptsOf } from "./score-trees.js";
import { TextTree } from "./text-tree.js";
import type { ScoreRequest, ScoreResult } from "./types.js";

/**
 * Tokens of a tree of answers. Sums over the new tokens of a row are made in blocks of 256, so within one no bit of a result depends
 * on what else stands in the tree.
 */
const TREE_TOKENS = 256;

/** Tells the request of that number what the model says before the token at a position of its completion. */
type Tell = (request: number, position: number, prediction: Prediction) => void;

/** What follows the prompts: first one reading for each, then a tree for its answers. */
type Planned = { readings: Reading[]; branchesOf: ((chunks: Branches["chunks"]) => Branches[])[] };

/**
 * Scores several texts in one reading. A prompt is read once, and behind it a tree of all its answers; no bit of a score differs from
 * what reading each text as a whole gives.
 */
export async function scoreTogether(
  prefill: Prefill,
  requests: readonly ScoreRequest[],
): Promise<ScoreResult[]> {
  const results = requests.map(
    ({ completion }): ScoreResult => ({ logprobs: completion.map(() => 0), alternatives: [] }),
  );
  const tell: Tell = (request, position, prediction) => {
    const { completion, alternatives } = requests[request]!;
    const result = results[request]!;
    result.logprobs[position] = logProbability(prediction, completion[position]!);
    if (alternatives) result.alternatives[position] = likeliest(prediction.logits, alternatives);
  };
  const { readings, branchesOf } = plan(prefill, requests, tell);
  const read = await prefill.read(readings);
  await prefill.readBranches(branchesOf.flatMap((make, index) => make(read[index]!)));
  return results;
}

function plan(prefill: Prefill, requests: readonly ScoreRequest[], tell: Tell): Planned {
  const prompts: Planned = { readings: [], branchesOf: [] };
  const whole: Reading[] = [];
  for (const { ids, requests: asked } of promptsOf(requests)) {
    // A whole reading begins another block there, whose sums come out apart from those before.
    const room = prefill.roomBehind(ids.length);
    const isNear = (request: number) => requests[request]!.completion.length - 1 <= room;
    const near = asked.filter(isNear);
    if (near.length > 0) {
      prompts.readings.push(
        readingOf(ids, ids.length - 1, (_, prediction) => {
          for (const request of near) tell(request, 0, prediction);
        }),
      );
      prompts.branchesOf.push((chunks) =>
        growTrees(requests, near, tell).map((tree) => ({ chunks, start: ids.length, ...tree })),
      );
    }
    for (const request of asked.filter((one) => !isNear(one))) {
      const text = [...ids, ...requests[request]!.completion.slice(0, -1)];
      const onPrediction = (position: number, prediction: Prediction) => tell(request, position, prediction);
      whole.push(readingOf(text, ids.length - 1, onPrediction));
    }
  }
  return { readings: [...prompts.readings, ...whole], branchesOf: prompts.branchesOf };
}

/** A reading whose predictions are counted from 0. */
function readingOf(
  ids: readonly number[],
  logitsFrom: number,
  onPrediction: (position: number, prediction: Prediction) => void,
): Reading {
  let position = 0;
  return {
    ids,
    logitsFrom,
    temperature: 1,
    onPrediction: (prediction) => {
      onPrediction(position, prediction);
      position += 1;
    },
  };
}

/** Trees of the answers that have more than one token; the last one's keys and values nobody asks for. */
function growTrees(
  requests: readonly ScoreRequest[],
  asked: readonly number[],
  tell: Tell,
): Omit<Branches, "chunks" | "start">[] {
  const trees: { tree: TextTree; told: Map<number, { request: number; position: number }[]> }[] = [];
  for (const request of asked) {
    const { completion } = requests[request]!;
    if (completion.length < 2) continue;
    let last = trees.at(-1);
    if (!last || last.tree.size + completion.length > TREE_TOKENS) {
      last = { tree: new TextTree(), told: new Map() };
      trees.push(last);
    }
    for (const [index, place] of last.tree.add(completion.slice(0, -1)).entries()) {
      const whom = last.told.get(place) ?? [];
      whom.push({ request, position: index + 1 });
      last.told.set(place, whom);
    }
  }
  return trees.map(({ tree, told }) => ({
    tree,
    places: [...told.keys()],
    onPrediction: (place, prediction) => {
      for (const { request, position } of told.get(place)!) tell(request, position, prediction);
    },
  }));
}
