import { expect, it } from "vitest";
import { firstBeyond, foretell, type RunCourse } from "../../src/minnow/calibrate-drift.js";
import { calibrateVoices } from "../../src/minnow/calibrate-voices.js";
import { packageFile } from "../../src/package-root.js";

it("finds voices in the order of their levels that the direction was not found from", async () => {
  const layers = await calibrateVoices(packageFile("models/minnow/2"));
  expect(layers.map(({ layer, voices }) => [layer, voices])).toEqual(
    [1, 2, 3, 4].map((layer) => [layer, 20]),
  );
  const middle = layers[1]!;
  expect(middle.pearson).toBeGreaterThan(0.9);
  const places = Object.values(middle.byLevel);
  expect(places).toHaveLength(5);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  // Voices of the lowest and the highest level are about as far apart as those that were contrasted.
  expect(places[4]! - places[0]!).toBeGreaterThan(0.7);
  expect(places[4]! - places[0]!).toBeLessThan(1.3);
});

const course = (seed: number, honesty: number[], projection: number[]): RunCourse => ({
  run: String(seed),
  seed,
  biased: 0.5,
  rounds: honesty.map((value, round) => ({ round, honesty: value, projection: projection[round]! })),
});

it("tells what a measure foretold of what was lost later", () => {
  // Projection at round 1 tells what honesty loses afterwards, honesty at round 1 the opposite.
  const courses = [
    course(1, [0.9, 0.9, 0.6], [0, 0.3, 0.3]),
    course(2, [0.9, 0.88, 0.8], [0, 0.2, 0.2]),
    course(3, [0.9, 0.86, 0.86], [0, 0.1, 0.1]),
  ];
  const told = foretell(courses);
  expect(told.byProjection.map(({ at }) => at)).toEqual([1, 2]);
  expect(told.afterwardsByProjection).toMatchObject([{ at: 1, until: 2, runs: 3, spearman: 1 }]);
  expect(told.afterwardsByProjection[0]!.pearson).toBeCloseTo(0.9656, 4);
  expect(told.afterwardsByHonesty[0]!.spearman).toBe(-1);
});

it("names the first round beyond a threshold", () => {
  const one = course(1, [0.9, 0.89, 0.87], [0, 0.2, 0.1]);
  expect(firstBeyond(one, "honesty", 0.02)).toBe(2);
  expect(firstBeyond(one, "projection", 0.15)).toBe(1);
  expect(firstBeyond(one, "projection", 0.25)).toBeNull();
});
