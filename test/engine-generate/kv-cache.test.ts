import { describe, expect, test } from "vitest";
import { allocate, copyTokens } from "../../src/engine/generate/kv-arrays.js";
import { KeyValueCache } from "../../src/engine/generate/kv-cache.js";

const shape = { layers: 2, kvHeads: 2, headDim: 4 };

describe("the cache of keys and values", () => {
  test("keeps every row as it grows, shrinks to what comes next, and uses its memory again", () => {
    const cache = new KeyValueCache(shape);
    const buffers = new Set<Float32Array>();
    for (const [turn, rows] of [5, 4, 5, 1].entries()) {
      const lengths = Array.from({ length: rows }, (_, row) => 20 + row);
      cache.reserve(rows, Math.max(...lengths) + 1, 0);
      expect(cache.past.length, "an empty cache has no room left over").toBe(32);
      for (const [row, length] of lengths.entries())
        cache.write(row, 0, tokens(turn, row, 0, length), 0, length);
      for (let step = 0; step < 60; step += 1) {
        cache.reserve(rows, Math.max(...lengths) + 1, rows);
        const news = allocate(shape, rows, 1);
        for (const [row, length] of lengths.entries())
          copyTokens(
            shape,
            { in: tokens(turn, row, length, 1), row: 0, token: 0 },
            { in: news, row, token: 0 },
            1,
          );
        cache.append(news, lengths);
        for (const row of lengths.keys()) lengths[row]! += 1;
      }
      buffers.add(cache.past.data);
      for (const [row, length] of lengths.entries()) {
        const read = allocate(shape, 1, length);
        copyTokens(shape, { in: cache.past, row, token: 0 }, { in: read, row: 0, token: 0 }, length);
        expect(read.data).toEqual(tokens(turn, row, 0, length).data);
      }
    }
    expect(buffers.size, "the last turn needs so little that it gets memory of its own").toBe(2);
  });
});

/** `count` tokens of a row from `first` on, no two numbers alike. */
function tokens(turn: number, row: number, first: number, count: number) {
  const values = allocate(shape, 1, count);
  for (let i = 0; i < count; i += 1) {
    const one = allocate(shape, 1, 1);
    one.data.forEach((_, at) => {
      one.data[at] = ((turn * 10 + row) * 200 + first + i) * 100 + at;
    });
    copyTokens(shape, { in: one, row: 0, token: 0 }, { in: values, row: 0, token: i }, 1);
  }
  return values;
}
