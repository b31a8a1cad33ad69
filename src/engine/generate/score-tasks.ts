import type { Decoder } from "./decoder.js";
import type { Prefill } from "./prefill.js";
import { scoreTogether } from "./score-together.js";
import { fitsTree, scoreTrees } from "./score-trees.js";
import type { ScoreRequest, ScoreResult } from "./types.js";

/** A text that waits for its score. */
export type Scoring = {
  request: ScoreRequest;
  resolve: (result: ScoreResult) => void;
  reject: (reason: unknown) => void;
};

// Texts scored between two decoding steps: answers to a few prompts, or, read as trees, to some sixty that may begin alike.
const TOGETHER = 64;
// … and where no step waits for them: larger runs cost less a token.
const ALONE = 1024;
export const AS_TREES = 768;

/** How many of the texts that wait are scored at once, before anything else has its turn. */
export function mostAtOnce({ asTrees, isAlone }: { asTrees: boolean; isAlone: boolean }): number {
  if (asTrees) return AS_TREES;
  return isAlone ? ALONE : TOGETHER;
}

/** Scores texts, short ones as trees where a decoder for those is given; `onRead` is told how many tokens trees take. */
export async function scoreTasks(
  tasks: readonly Scoring[],
  { prefill, decoder }: { prefill: Prefill; decoder: Decoder | null },
  onRead: (tokens: number) => void,
): Promise<void> {
  const isTree = ({ request }: Scoring) => decoder !== null && fitsTree(request);
  const requests = (some: readonly Scoring[]) => some.map(({ request }) => request);
  const asTrees = tasks.filter(isTree);
  if (decoder) settle(asTrees, await scoreTrees(decoder, requests(asTrees), onRead));
  const asTexts = tasks.filter((task) => !isTree(task));
  settle(asTexts, await scoreTogether(prefill, requests(asTexts)));
}

function settle(tasks: readonly Scoring[], results: readonly ScoreResult[]): void {
  for (const [index, { resolve }] of tasks.entries()) resolve(results[index]!);
}
