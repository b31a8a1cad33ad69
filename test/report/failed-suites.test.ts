import { expect, it } from "vitest";
import { failedSuitesWords } from "../../src/report/headline/failed-suites.js";

const metric = (suite: string, name: string, value: number, subset = "all") => ({
  suite,
  subset,
  metric: name,
  value,
  n: 4,
});

it("names a suite of which every probe failed, and none whose probes failed in part", () => {
  const failing = {
    metrics: [metric("counts", "error", 1), metric("counts", "error", 1, "s"), metric("mask", "error", 0.5)],
  };
  // Of a suite that gives failures alone an error, its mean is 1 however few there are.
  const partly = { metrics: [metric("counts", "error", 1), metric("counts", "exact", 0.2)] };
  const between = { metrics: [] };
  expect(failedSuitesWords([{ rounds: [failing, between, failing] }, { rounds: [partly] }])).toEqual([
    "Every probe of suite counts failed in 2 of 3 evaluations: nothing was measured by it there. Each round's probes.jsonl has the errors.",
  ]);
  expect(failedSuitesWords([{ rounds: [partly, between] }])).toEqual([]);
});
