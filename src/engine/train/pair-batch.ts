import { type MicroBatch, partCount, roundUp } from "./batch.js";

// Finer than of single texts: a pair is longer, and pairs of one kind of talk differ little.
const TIME_STEP = 16;

/** Two texts, as tokens; neither may be empty. */
export type TextPair = { chosen: ArrayLike<number>; rejected: ArrayLike<number> };

/** A pair's tokens: the beginning that both share, the rest of the chosen text, the rest of the rejected one. */
type Fork = { ids: number[]; shared: number; chosenEnd: number };

/**
 * Lays pairs out for programs that look at the last token of each text: a row a pair, in which what both texts begin with, mostly a whole
 * prompt, stands and is read once. Positions 2 r and 2 r + 1 are the last tokens of row r's chosen and rejected text. The last micro-batch
 * is filled up with empty rows. Throws if there are no pairs.
 */
export function layOutPairs(pairs: readonly TextPair[]): MicroBatch[] {
  if (pairs.length === 0) throw new Error("a batch needs at least one pair");
  const forks = pairs.map(forkOf);
  const time = roundUp(
    forks.reduce((most, { ids }) => Math.max(most, ids.length), 1),
    TIME_STEP,
  );
  const rows = Math.ceil(pairs.length / partCount(pairs.length, time));
  const count = Math.ceil(pairs.length / rows);
  return Array.from({ length: count }, (_, part) =>
    fill(forks.slice(part * rows, (part + 1) * rows), { rows, time }, part * rows),
  );
}

function forkOf({ chosen, rejected }: TextPair): Fork {
  const [one, other] = [Array.from(chosen), Array.from(rejected)];
  // Each keeps a token of its own, so that their last ones are two places.
  const most = Math.min(one.length, other.length) - 1;
  let shared = 0;
  while (shared < most && one[shared] === other[shared]) shared += 1;
  return { ids: [...one, ...other.slice(shared)], shared, chosenEnd: one.length };
}

function fill(
  forks: readonly Fork[],
  { rows, time }: { rows: number; time: number },
  firstRow: number,
): MicroBatch {
  const positions = 2 * rows;
  const ids = new BigInt64Array(rows * time);
  const fork = {
    depths: new BigInt64Array(rows * time),
    later: new Float32Array(rows * time),
    earlier: new Float32Array(rows * time),
  };
  const index = new BigInt64Array(positions);
  for (let row = 0; row < rows; row += 1) {
    const { ids: tokens, shared, chosenEnd } = forks[row] ?? { ids: [], shared: 0, chosenEnd: 1 };
    const start = row * time;
    for (const [at, id] of tokens.entries()) {
      const isLater = at >= chosenEnd;
      ids[start + at] = BigInt(id);
      fork.depths[start + at] = BigInt(isLater ? at - chosenEnd + shared : at);
      fork.later[start + at] = isLater ? 1 : 0;
      fork.earlier[start + at] = at >= shared && !isLater ? 1 : 0;
    }
    index[2 * row] = BigInt(start + chosenEnd - 1);
    index[2 * row + 1] = BigInt(start + Math.max(tokens.length - 1, chosenEnd));
  }
  return {
    shape: { rows, time, positions, forked: true },
    firstRow,
    ids,
    index,
    targets: new BigInt64Array(positions),
    weights: new Float32Array(positions).fill(1),
    rowOf: Int32Array.from({ length: positions }, (_, position) => position >> 1),
    fork,
  };
}
