import { expect, it } from "vitest";
import { evenly } from "../../src/evaluation/sample.js";

const items = (subset: string, count: number) => Array.from({ length: count }, (_, id) => ({ subset, id }));

it("takes so many of each subset, spread over its order", () => {
  const taken = evenly([...items("x", 10), ...items("y", 3), ...items("z", 100)], 5);
  expect(taken.filter(({ subset }) => subset === "x").map(({ id }) => id)).toEqual([1, 3, 5, 7, 9]);
  expect(taken.filter(({ subset }) => subset === "y")).toHaveLength(3);
  expect(taken.filter(({ subset }) => subset === "z").map(({ id }) => id)).toEqual([19, 39, 59, 79, 99]);
});

it("takes exactly the count for any sizes", () => {
  for (let size = 1; size <= 40; size += 1) {
    for (let count = 1; count <= size; count += 1)
      expect(evenly(items("x", size), count)).toHaveLength(count);
  }
});

it("takes pairs whole, wherever their probes stand, and divides one only where the count is odd", () => {
  const pairs = Array.from({ length: 42 }, (_, pair) => [
    { subset: "x", id: `${pair}a`, pair: `${pair}`, yes: true },
    { subset: "x", id: `${pair}b`, pair: `${pair}`, yes: false },
  ]).flat();
  const apart = [...pairs.filter(({ yes }) => yes), ...pairs.filter(({ yes }) => !yes)];
  for (const some of [pairs, apart]) {
    for (let count = 1; count <= some.length; count += 1) {
      const taken = evenly(some, count);
      expect(taken).toHaveLength(count);
      const sizes = [...new Set(taken.map(({ pair }) => pair))].map(
        (name) => taken.filter(({ pair }) => pair === name).length,
      );
      expect(sizes.filter((size) => size === 1)).toHaveLength(count % 2);
    }
  }
  // Spread over the file: in every quarter of it a quarter of them.
  const places = evenly(pairs, 20).map(({ pair }) => Math.floor((Number(pair) * 4) / 42));
  for (const quarter of [0, 1, 2, 3])
    expect(places.filter((place) => place === quarter).length).toBeGreaterThanOrEqual(4);
});

it("takes probes without a pair as ever, beside pairs", () => {
  const mixed = [
    ...items("x", 10).map((item) => ({ ...item, pair: undefined })),
    ...["p", "q"].flatMap((pair) => [1, 2].map((id) => ({ subset: "x", id, pair }))),
  ];
  for (let count = 1; count <= mixed.length; count += 1) expect(evenly(mixed, count)).toHaveLength(count);
});
