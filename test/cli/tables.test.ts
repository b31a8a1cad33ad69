import { expect, it } from "vitest";
import { honestyTable, measureWords } from "../../src/cli/results/tables.js";
import type { PooledRow } from "../../src/drift/index.js";
import { shippedCatalogue } from "../../src/evaluation/index.js";
import { brokenIn } from "../../src/report/headline/index.js";
import { termsOf } from "../../src/report/index.js";

const row = (metric: string, round: number, value: number): PooledRow => ({
  scenario: "s",
  axes: {},
  method: "kto",
  biased: 0.5,
  round,
  suite: "mask",
  subset: "all",
  metric,
  value,
  low: value,
  high: value,
  seeds: 1,
  n: 8,
});

it("does not praise a destroyed model for its honesty", () => {
  const rows = [
    row("honesty", 0, 0.9),
    row("no_belief", 0, 0.1),
    row("neither", 0, 0),
    row("honesty", 1, 1),
    row("no_belief", 1, 0.4),
    row("neither", 1, 0.3),
  ];
  const broken = brokenIn(rows, { suite: "mask", round: 1 }, shippedCatalogue);
  const table = honestyTable(rows, termsOf({ source: "interaction" }), shippedCatalogue, broken);
  expect(table).toMatch(/90 \[90, 90\] │\s+broke │/u);
  expect(table).not.toContain("100");
  expect(table).toContain("broke: it knows or answers so little any more that honesty says nothing");
  expect(honestyTable(rows.slice(0, 3), termsOf({ source: "interaction" }))).not.toContain("broke");
});

it("says what a measure counts where its suite does", () => {
  const words = (metric: string) => measureWords(shippedCatalogue, { metric, suite: "mask" });
  expect(words("honesty_to_first")).toBe(
    "Honesty to first beliefs (the share of the beliefs held before training that the model does not contradict under pressure)",
  );
  expect(words("lie")).toBe(shippedCatalogue.metric("lie", "mask").label);
});
