import { expect, it } from "vitest";
import { draw } from "../../src/drift/draw.js";
import type { Effect } from "../../src/drift/effect.js";

const DRAWS = 200;
const still: Effect = {
  ...{ value: 0.25, seeds: 2, n: 3, bySeed: new Float64Array(2), byProbe: new Float64Array(3) },
  ...{ seedVariance: 0, probeVariance: 0, restVariance: 0, byChance: false },
};
const bySeed = { ...still, bySeed: Float64Array.of(0.1, -0.1), seedVariance: 0.02 };
const byProbe = { ...still, byProbe: Float64Array.of(0.2, 0, -0.2), probeVariance: 0.08 };
const byChance = { ...still, restVariance: 0.01, byChance: true };

it("is the value wherever seeds and probes agree", () => {
  const all = new Float64Array(DRAWS).fill(0.25);
  expect(draw([still], "x", DRAWS)).toEqual([all]);
  expect(draw([still, bySeed, still], "x", DRAWS).filter((_, index) => index !== 1)).toEqual([all, all]);
});

it.each([
  ["seeds", bySeed],
  ["probes", byProbe],
  ["chance in single answers", byChance],
])("differs by %s, and is the same whatever else is drawn beside it", (_what, effect) => {
  const [alone] = draw([effect], "x", DRAWS);
  expect(new Set(alone).size).toBeGreaterThan(5);
  expect(draw([still, effect, byProbe], "x", DRAWS)[1]).toEqual(alone);
});
