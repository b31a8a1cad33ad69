/** A row of tokens to learn from. `weights[t]` is the weight of token t as a target; token 0 is never one. */
export type TargetRow = { ids: ArrayLike<number>; weights: ArrayLike<number> };

/** The sizes a program is compiled for: rows, tokens a row, positions that carry loss. */
export type BatchShape = {
  rows: number;
  time: number;
  positions: number;
  /** Whether each row holds two texts of one beginning, one behind the other. */
  forked?: true;
};

/**
 * Rows laid out for one run of a program. Arrays over positions go row by row, then padding, which has weight 0.
 */
export type MicroBatch = {
  shape: BatchShape;
  /** Where the first of its rows stands among all rows laid out. */
  firstRow: number;
  /** [rows * time]; padded on the right with token 0, which no real token can see. */
  ids: BigInt64Array;
  /** Flat indices [positions] into rows * time whose next token is a target; all different. */
  index: BigInt64Array;
  /** The target at each position. */
  targets: BigInt64Array;
  /** Its weight. */
  weights: Float32Array;
  /** The row of the micro-batch it belongs to. */
  rowOf: Int32Array;
  /** Of forked rows, for each of their places: where it stands in its text, and 1 where it belongs to the second or the first text alone. */
  fork?: { depths: BigInt64Array; later: Float32Array; earlier: Float32Array };
};

// Activations of about this many tokens stay in the processor's caches: measured a fifth faster than 5,000 tokens.
const TOKENS = 1280;
// From this many tokens on a batch is split into an even number of parts. It gains nothing, measured, but how gradients are
// added up shows in the last digits, and so in every number published so far.
const SPLIT_TOKENS = 640;
// Coarse steps keep the number of compiled programs small.
const TIME_STEP = 32;
const POSITION_STEPS = 4;
// A product of one row takes another kernel, whose last digits differ: what a text is worth would hang on what is read beside it.
const FEW_POSITIONS = 16;

/**
 * Lays rows out in micro-batches of one shape, whose losses and gradients add up to the whole batch's. Rows come in groups
 * of `groupSize` that stay together (a DPO pair); the last micro-batch is filled up with empty rows. A row of n tokens
 * fills n - 1 places, its last token being only a target. Throws if there are no rows. `oneEach`: no row has more than one target, so
 * nothing beyond a position a row is read behind the last attention.
 */
export function layOut(
  rows: readonly TargetRow[],
  groupSize = 1,
  { oneEach = false }: { oneEach?: boolean } = {},
): MicroBatch[] {
  if (rows.length === 0) throw new Error("a batch needs at least one row");
  const longest = rows.reduce((most, { ids }) => Math.max(most, ids.length - 1), 1);
  const time = roundUp(longest, TIME_STEP);
  const groups = rows.length / groupSize;
  const rowsPerPart = Math.ceil(groups / partCount(groups, time * groupSize)) * groupSize;
  const parts = Math.ceil(rows.length / rowsPerPart);

  const chunks = Array.from({ length: parts }, (_, part) =>
    rows.slice(part * rowsPerPart, (part + 1) * rowsPerPart),
  );
  const places = rowsPerPart * time;
  const used = chunks.map((chunk) => targetPlaces(chunk, time));
  const most = used.reduce((count, list) => Math.max(count, list.length), 1);
  const step = oneEach ? FEW_POSITIONS : Math.ceil(places / POSITION_STEPS);
  const positions = Math.min(places, roundUp(most, step));
  const shape = { rows: rowsPerPart, time, positions };
  return chunks.map((chunk, part) => fill(chunk, used[part]!, shape, part * rowsPerPart));
}

/** How many parts, for `groups` groups of `tokens` places each. */
export function partCount(groups: number, tokens: number): number {
  const parts = Math.ceil((groups * tokens) / TOKENS);
  const enough = groups * tokens >= SPLIT_TOKENS ? roundUp(parts, 2) : 1;
  return Math.min(groups, enough);
}

export const roundUp = (value: number, step: number) => Math.ceil(value / step) * step;

/** The places whose next token is a target, in order. */
function targetPlaces(rows: readonly TargetRow[], time: number): number[] {
  const places: number[] = [];
  for (const [row, { ids, weights }] of rows.entries())
    for (let t = 0; t + 1 < ids.length; t += 1) if (weights[t + 1] !== 0) places.push(row * time + t);
  return places;
}

function fill(rows: readonly TargetRow[], used: number[], shape: BatchShape, firstRow: number): MicroBatch {
  const { time, positions } = shape;
  const places = shape.rows * time;
  const index = completeIndex(used, positions, places);
  const ids = new BigInt64Array(places);
  for (const [row, { ids: tokens }] of rows.entries())
    for (let t = 0; t + 1 < tokens.length; t += 1) ids[row * time + t] = BigInt(tokens[t]!);
  const targets = new BigInt64Array(positions);
  const weights = new Float32Array(positions);
  for (const [position, place] of index.entries()) {
    const row = rows[Math.floor(place / time)];
    const next = (place % time) + 1;
    if (!row || next >= row.ids.length) continue;
    targets[position] = BigInt(row.ids[next]!);
    weights[position] = row.weights[next]!;
  }
  const rowOf = Int32Array.from(index, (place) => Math.floor(place / time));
  return { shape, firstRow, ids, index: BigInt64Array.from(index, BigInt), targets, weights, rowOf };
}

/** Fills up with unused places; at full size every place in order, so that the program need not gather at all. */
function completeIndex(used: number[], positions: number, places: number): number[] {
  if (positions === places) return Array.from({ length: places }, (_, place) => place);
  const taken = new Set(used);
  const index = [...used];
  for (let place = 0; index.length < positions; place += 1) if (!taken.has(place)) index.push(place);
  return index;
}
