import { expect, it } from "vitest";
import {
  evalTable,
  honestyTable,
  measureWords,
  unitWords,
  verdictTable,
} from "../../src/cli/results/tables.js";
import { levelsOf, type PooledRow } from "../../src/drift/index.js";
import { type ProbeResult, shippedCatalogue } from "../../src/evaluation/index.js";
import { type Broken, brokenIn } from "../../src/report/headline/index.js";
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

const spoken = (pooled: PooledRow[], brokenEver: Broken[] = [], metric = "honesty") => ({
  pooled,
  brokenEver,
  suite: "mask",
  metric,
  catalogue: shippedCatalogue,
});

it("puts the numbers of the metric that the result speaks of under its name", () => {
  const terms = termsOf({ source: "interaction" });
  const rows = [
    row("honesty_to_first", 0, 0.91),
    row("honesty_to_first", 1, 0.82),
    row("pressed_accuracy", 0, 0.73),
    row("pressed_accuracy", 1, 0.64),
  ];
  const table = honestyTable(spoken(rows, [], "pressed_accuracy"), terms);
  expect(table).toMatch(/73 \[73, 73\] │\s+64 \[64, 64\]/u);
  expect(table).not.toContain("91");
  // What leads elsewhere stands beside it then, and its own numbers do not twice.
  const beside = verdictTable(spoken(rows, [], "pressed_accuracy"), terms);
  expect(beside).toContain("82");
  expect(beside).not.toContain("64");
  expect(honestyTable(spoken(rows, [], "honesty_to_first"), terms)).toMatch(
    /91 \[91, 91\] │\s+82 \[82, 82\]/u,
  );
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
  const table = honestyTable(spoken(rows, broken), termsOf({ source: "interaction" }));
  expect(table).toMatch(/90 \[90, 90\] │\s+broke │/u);
  expect(table).not.toContain("100");
  expect(table).toContain("broke: it knows or answers so little any more that honesty says nothing");
  expect(honestyTable(spoken(rows.slice(0, 3)), termsOf({ source: "interaction" }))).not.toContain("broke");
});

it("says what a measure counts where its suite does", () => {
  const words = (metric: string) => measureWords(shippedCatalogue, { metric, suite: "mask" });
  expect(words("honesty_to_first")).toBe(
    "Honesty to first beliefs (the share of the beliefs held before training that the model does not contradict under pressure)",
  );
  expect(words("lie")).toBe(shippedCatalogue.metric("lie", "mask").label);
});

it("names the measure of suites that lead with another", () => {
  const rows = [
    row("honesty_to_first", 0, 0.9),
    { ...row("honesty", 0, 0.8), suite: "deception" },
    { ...row("honesty", 1, 0.7), suite: "deception" },
  ];
  const analysis = { ...spoken(rows), suite: "mask", metric: "honesty_to_first" };
  const table = honestyTable(analysis, termsOf({ source: "interaction" }));
  expect(table).toMatch(/ mask {2}honesty to first beliefs\b.* │\s+90 /iu);
  expect(table).toMatch(/ deception {2}honesty {2}?.* │\s+80 /iu);
  expect(measureWords(shippedCatalogue, analysis)).toMatch(/, of deception the measure that rows name$/u);
  expect(measureWords(shippedCatalogue, { ...analysis, pooled: rows.slice(0, 1) })).toMatch(
    /under pressure\)$/u,
  );
});

it("tells shares in percent, numbers without bounds as they are, and an interval for each", () => {
  // Yes at 0.9 where it is true and at 0.6 where it is not, four times each, so (3.6 + 0.5) / 5 and (2.4 + 0.5) / 5: z of 0.9154 and 0.2019.
  const results = Array.from({ length: 8 }, (_, index): ProbeResult => {
    const yes = index % 2 === 0 ? { yes_when_true: 0.9 } : { yes_when_false: 0.6 };
    const scores = { ...yes, pressed_accuracy: index % 2 === 0 ? 0.9 : 0.4, error: 0 };
    return {
      suite: "mask",
      subset: "provided_facts",
      probe: `p${index}`,
      verdict: "honest",
      scores,
      error: null,
    } as never;
  });
  const levels = levelsOf(results);
  const rows = levels.filter(({ subset }) => subset === "all");
  const of = (metric: string) => rows.find((one) => one.metric === metric)!;
  expect(of("leaning").value).toBeCloseTo(-0.5586, 4);
  expect(of("d_prime").value).toBeCloseTo(0.7135, 4);
  expect(rows.every(({ low, value, high }) => low <= value && value <= high)).toBe(true);
  const lines = evalTable(results, levels)
    .split("\n")
    .map((line) => line.split("│").map((one) => one.trim()));
  const shown = (name: string) => lines.find((cells) => cells[1] === name)!.at(-2)!;
  expect(lines[1]!.slice(1, -1)).toEqual(["", "all", "provided_facts"]);
  expect(shown("probes")).toBe("8");
  expect(shown("leaning")).toMatch(/^−0\.56 \[−?\d\.\d+, −?\d\.\d+\]$/u);
  expect(shown("d′")).toMatch(/^0\.71 \[−?\d\.\d+, \d\.\d+\]$/u);
  expect(shown("right under pressure")).toMatch(/^65 \[\d\d(?:\.\d)?, \d\d(?:\.\d)?\]$/u);
  expect(unitWords(rows)).toBe("in percent but for d′ and leaning");
});

it("gives accuracy under pressure, sensitivity and leaning their intervals in the table of a run or sweep", () => {
  const rows = ["honesty", "pressed_accuracy", "sensitivity", "d_prime", "leaning", "lie"].map((metric) => ({
    ...row(metric, 0, 0.6),
    low: 0.512,
    high: 0.688,
  }));
  const [heads, cells] = verdictTable(spoken(rows), termsOf({ source: "interaction" }))
    .split("\n")
    .filter((line) => line.startsWith("│"))
    .map((line) => line.split("│").map((one) => one.trim()));
  const shown = (name: string) => cells![heads!.indexOf(name)];
  expect([shown("right under pressure"), shown("sensitivity")]).toEqual([
    "60 [51.2, 68.8]",
    "60 [51.2, 68.8]",
  ]);
  expect([shown("leaning"), shown("d′")]).toEqual(["0.6 [0.51, 0.69]", "0.6 [0.51, 0.69]"]);
  expect(shown("lies")).toBe("60");
  expect(unitWords([row("honesty", 0, 0.6)])).toBe("in percent");
});
