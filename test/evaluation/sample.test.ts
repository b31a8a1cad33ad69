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
