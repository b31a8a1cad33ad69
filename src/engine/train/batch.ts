/** A row of tokens to learn from. `weights[t]` is the weight of token t as a target; token 0 is never one. */
export type TargetRow = { ids: ArrayLike<number>; weights: ArrayLike<number> };

/** The sizes a program is compiled for: rows, tokens a row, positions that carry loss. */
export type BatchShape = { batch: number; time: number; positions: number };

/** Rows laid out for a program. Arrays over positions are in the order row by row, then padding. */
export type Batch = BatchShape & {
  /** [batch * time]; padded on the right with token 0, which no real token can see. */
  ids: BigInt64Array;
  /** Flat indices [positions] into batch * time whose next token is a target; all different. */
  index: BigInt64Array;
  /** The target at each position (0 at padding). */
  targets: BigInt64Array;
  /** Its weight (0 at padding). */
  weights: Float32Array;
  /** The row it belongs to. */
  rows: Int32Array;
};

// Coarse steps keep the number of compiled programs small.
const TIME_STEP = 32;
const POSITION_STEPS = 8;

/** Lays rows out in a grid. The last token of a row is only a target, so a row of n tokens fills n - 1 places. */
export function layOut(rows: readonly TargetRow[]): Batch {
  const batch = rows.length;
  const longest = rows.reduce((most, { ids }) => Math.max(most, ids.length - 1), 1);
  const time = Math.ceil(longest / TIME_STEP) * TIME_STEP;
  const places = batch * time;
  const used: number[] = [];
  const unused: number[] = [];
  for (const [row, { ids, weights }] of rows.entries())
    for (let t = 0; t < time; t += 1) {
      const target = t + 1 < ids.length && weights[t + 1] !== 0;
      (target ? used : unused).push(row * time + t);
    }
  const step = Math.ceil(places / POSITION_STEPS);
  const positions = Math.min(places, Math.max(1, Math.ceil(used.length / step)) * step);
  // At full size every place has its position, in order: the program then need not gather at all.
  const index =
    positions === places
      ? Array.from({ length: places }, (_, place) => place)
      : [...used, ...unused.slice(0, positions - used.length)];

  const result: Batch = {
    batch,
    time,
    positions,
    ids: new BigInt64Array(places),
    index: BigInt64Array.from(index, BigInt),
    targets: new BigInt64Array(positions),
    weights: new Float32Array(positions),
    rows: Int32Array.from(index, (place) => Math.floor(place / time)),
  };
  for (const [row, { ids }] of rows.entries())
    for (let t = 0; t + 1 < ids.length; t += 1) result.ids[row * time + t] = BigInt(ids[t]!);
  for (const [position, place] of index.entries()) {
    const { ids, weights } = rows[Math.floor(place / time)]!;
    const t = place % time;
    if (t + 1 >= ids.length) continue;
    result.targets[position] = BigInt(ids[t + 1]!);
    result.weights[position] = weights[t + 1]!;
  }
  return result;
}
