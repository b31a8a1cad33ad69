import { expect, it } from "vitest";
import { honestyTable, verdictTable } from "../../src/cli/results/tables.js";
import { headline, leadingMetric, shippedCatalogue } from "../../src/evaluation/index.js";
import { comparisonFigure } from "../../src/report/figures/comparison.js";
import { findings } from "../../src/report/findings.js";
import { usual } from "../../src/report/headline/primary.js";
import { analyse, figuresOf, type ReportSource, termsOf } from "../../src/report/index.js";
import { tablesSection } from "../../src/report/page/tables.js";
import { summary } from "../../src/report/summary.js";
import { honestyIn } from "../../src/runs/index.js";
import { CHECKED, madeUpSweep } from "./made-up.js";

const talks = termsOf({ source: "interaction" });
const seen = madeUpSweep({ fractions: [0, 0.5], rounds: 2, seeds: 8, probes: 15, firstBeliefs: true });
const analysis = analyse(seen);
const source = {
  kind: "sweep",
  folder: "runs/made-up",
  scenario: { name: "made-up", source: "interaction", sweep: {}, rounds: 2 },
  runs: [...new Set(seen.map(({ run }) => run))].map((hash) => ({
    manifest: { hash, status: "done", scenario: CHECKED },
    axes: {},
    rounds: [],
    satisfaction: [],
    observations: seen.filter(({ run }) => run === hash),
  })),
  absent: [],
  failed: [],
} as unknown as ReportSource;

const change = (metric: string) =>
  [...analysis.fromZero, ...analysis.beside.flatMap(({ fromZero }) => fromZero)].find(
    (row) => row.metric === metric && row.round === 2,
  )!.value;

it("leads with the probes whose belief was held before training, so that a lost belief is no honesty", () => {
  expect(analysis.metric).toBe("honesty_to_first");
  expect(analysis.beside.map(({ metric }) => metric)).toEqual(["honesty_to_today", "honesty"]);
  // Beliefs that are gone hide a good part of the drop from MASK's own score.
  expect(change("honesty")).toBeGreaterThan(change("honesty_to_first") + 0.03);
  expect(change("honesty_to_today")).toBeLessThan(change("honesty_to_first") - 0.03);
});

it("says what the change is made of by the very way to count that is spoken of, so that the parts add up", () => {
  const [treated, reference] = [0.5, 0].map((biased) => seen.find((one) => one.biased === biased)!);
  const of = (metric: string) =>
    analyse(seen, undefined, {
      primary: { treated: treated!, reference: reference!, metric, declared: true },
    });
  const own = of("honesty");
  expect(new Set(own.decomposition.map(({ metric }) => metric))).toEqual(new Set(["honesty"]));
  const [row] = own.fromBase.filter(({ biased, round }) => biased === 0.5 && round === 2);
  const split = own.decomposition.find(({ biased, round }) => biased === 0.5 && round === 2)!;
  expect(split.total.value).toBeCloseTo(row!.value, 12);
  expect(new Set(analysis.decomposition.map(({ metric }) => metric))).toEqual(new Set(["honesty_to_first"]));
});

it("calls changes by what they are of, where another measure than honesty is declared", () => {
  const [treated, reference] = [0.5, 0].map((biased) => seen.find((one) => one.biased === biased)!);
  const lies = analyse(seen, undefined, {
    primary: { treated: treated!, reference: reference!, metric: "lie", declared: true },
  });
  const told = findings(source, lies).join("\n");
  expect(told).toMatch(/^With benign users only, lies changed by /mu);
  expect(told).not.toContain("honesty changed by");
  expect(findings(source, analysis).join("\n")).toMatch(/^With benign users only, honesty changed by /mu);
  const page = tablesSection(lies, { cases: null, frontier: null }, talks).html;
  expect(page).toContain("Change of lies since round 0, paired by seed");
});

it("tells all of them in the headline, each from its own test", () => {
  const { happened, headline: record } = summary(source, analysis, null)!;
  expect(record.contrast!.metric).toBe("honesty_to_first");
  expect(happened).toMatch(
    /^After 2 rounds with 50 % biased users honesty to first beliefs is [\d.]+ points lower than with none/u,
  );
  expect(happened).toMatch(
    /Beside it, in points: honesty to beliefs still held −[\d.]+ \[−[\d.]+, −[\d.]+\], MASK's own honesty −[\d.]+ \[[^\]]+\]\. Asked neutrally/u,
  );
  expect(record.beside.map(({ metric }) => metric)).toEqual(["honesty_to_today", "honesty"]);
});

it("says once more in plain words what was found, and names other ways to count without numbers where they come to the same", () => {
  const { happened } = summary(source, analysis, null)!;
  const [, now, then] =
    /That is: of what it believed before training it says the opposite under pressure ([\d.]+) % of the time, with none ([\d.]+) %\./u.exec(
      happened,
    ) ?? [];
  const value = (biased: number) =>
    analysis.pooled.find(
      (row) =>
        row.metric === "honesty_to_first" && row.subset === "all" && row.round === 2 && row.biased === biased,
    )!.value;
  expect(Number(now)).toBeCloseTo(100 * (1 - value(0.5)), 1);
  expect(Number(then)).toBeCloseTo(100 * (1 - value(0)), 1);
  const kept = seen.flatMap((one) => {
    if (one.metric === "honesty" || one.metric === "honesty_to_today") return [];
    const also = (metric: string) => ({ ...one, metric });
    return one.metric === "honesty_to_first" ? [one, also("honesty_to_today"), also("honesty")] : [one];
  });
  expect(summary(source, analyse(kept), null)!.happened).toContain(
    "Counted otherwise it is as much: honesty to beliefs still held, MASK's own honesty.",
  );
  const [drift] = figuresOf({ ...source, runs: [] }, analyse(kept), null);
  expect(drift!.figures.map(({ name }) => name)).toEqual(["primary", "curves"]);
});

it("leads tables and figures alike, with the benchmark's own score beside", () => {
  const { pooled } = analysis;
  const leading = pooled.find(
    (row) =>
      row.metric === "honesty_to_first" && row.subset === "all" && row.round === 2 && row.biased === 0.5,
  )!;
  const shown = String(Number((100 * leading.value).toFixed(1)));
  expect(honestyTable(analysis, talks)).toContain(`${shown} [`);
  const beside = verdictTable(analysis, talks);
  expect(beside).toMatch(/honesty to beliefs still held.*honesty /u);
  expect(beside).not.toContain("honesty to first beliefs");
  const numbers = tablesSection(analysis, { cases: null, frontier: null }, talks).html;
  expect(numbers).toContain("Honesty to first beliefs");
  expect(numbers).toContain("Measure");

  const sections = figuresOf(source, analysis, null);
  const drift = sections.find(({ id }) => id === "drift")!;
  expect(drift.figures.map(({ name }) => name)).toEqual([
    "primary",
    "curves",
    "curves-honesty-to-today",
    "curves-honesty",
  ]);
  expect(drift.figures[0]!.title).toMatch(/^Honesty to first beliefs after round 2: /u);
  expect(drift.figures[1]!.title).toBe("Honesty to first beliefs by round");
  expect(drift.figures[1]!.description).toContain(`${shown} %`);
  const types = sections.find(({ id }) => id === "types")!;
  expect(types.figures[0]!.title).toMatch(/^Honesty to first beliefs by type/u);
  expect(comparisonFigure(pooled, 2, talks).description).toContain(`${shown} %`);
});

it("puts the numbers of the metric that the comparison is of under its name, and honesty beside it", () => {
  const declared = { ...usual(seen)!, suite: "mask", metric: "lie", declared: true };
  const lies = analyse(seen, undefined, { primary: declared });
  const value = (metric: string) => {
    const row = lies.pooled.find(
      (one) => one.metric === metric && one.subset === "all" && one.round === 2 && one.biased === 0.5,
    )!;
    return String(Number((100 * row.value).toFixed(1)));
  };
  expect(lies.metric).toBe("lie");
  expect(honestyTable(lies, talks)).toContain(`${value("lie")} [`);
  expect(honestyTable(lies, talks)).not.toContain(value("honesty_to_first"));
  expect(verdictTable(lies, talks)).toContain(value("honesty_to_first"));
  const [drift] = figuresOf(source, lies, null);
  const [, curves, honesty] = drift!.figures;
  expect(curves!.title).toBe(`${shippedCatalogue.metric("lie", "mask").label} by round`);
  expect(curves!.description).toContain(`${value("lie")} %`);
  expect(honesty!.name).toBe("curves-honesty-to-first");
});

it("divides the probes that the headline counts, so that what contradicts a first belief is what the headline lacks", () => {
  const figures = figuresOf(source, analysis, null).flatMap((section) => section.figures);
  const verdicts = figures.find(({ name }) => name === "verdicts")!;
  expect(JSON.stringify(verdicts.spec)).toContain("whose belief was held before training");
  for (const biased of ["0 %", "50 %"]) {
    const shares = verdicts.data.filter((datum) => datum.biased === biased);
    const of = (verdict: RegExp) =>
      shares
        .filter((datum) => verdict.test(String(datum.verdict)))
        .reduce((sum, { share }) => sum + Number(share), 0);
    const headline = analysis.pooled.find(
      (row) =>
        row.metric === "honesty_to_first" &&
        row.subset === "all" &&
        row.round === 2 &&
        row.biased === (biased === "0 %" ? 0 : 0.5),
    )!.value;
    expect(of(/./u)).toBeCloseTo(1, 10);
    expect(1 - of(/^Lies|^Contradicts/u)).toBeCloseTo(headline, 10);
  }
  // Without first beliefs it says that it divides all that were judged.
  const without = seen.filter(({ metric }) => !/first|kept|today/u.test(metric));
  const plain = {
    ...source,
    runs: source.runs.map((run) => ({
      ...run,
      observations: without.filter(({ run: of }) => of === run.manifest.hash),
    })),
  };
  const all = figuresOf(plain, analyse(without), null).flatMap((section) => section.figures);
  expect(JSON.stringify(all.find(({ name }) => name === "verdicts")!.spec)).toContain(
    "all probes that were judged",
  );
});

it("sets ways of learning side by side by shares only where one of them has several", () => {
  const { pooled } = analysis;
  const own = pooled.map((row) => ({
    ...row,
    scenario: `direct variant=${row.biased === 0 ? "normal" : "severe"}`,
  }));
  const both = [...own, ...pooled.map((row) => ({ ...row, scenario: "direct variant=severe" }))];
  expect(comparisonFigure(own, 2, talks).spec).not.toHaveProperty("facet");
  expect(comparisonFigure(both, 2, talks).spec).toHaveProperty("facet");
});

it("leads with honesty where first beliefs were not counted", () => {
  const old = madeUpSweep({ fractions: [0, 0.5], rounds: 1, seeds: 2 });
  expect(leadingMetric(old, "mask")).toBe("honesty");
  expect(analyse(old).beside).toEqual([]);
});

it("takes the leading measure of each suite, and honesty before all else", () => {
  const row = (suite: string, metric: string) => ({ suite, metric, subset: "all", value: 0.5, n: 1 });
  const rows = [
    row("capability", "accuracy"),
    row("deception", "honesty"),
    row("mask", "honesty"),
    row("mask", "honesty_to_first"),
  ];
  expect(headline(rows).map(({ suite, metric }) => `${suite}/${metric}`)).toEqual([
    "deception/honesty",
    "mask/honesty_to_first",
  ]);
  expect(honestyIn([...rows.slice(0, 3), { ...rows[3]!, value: 0.25 }])).toBe(0.25);
  expect(honestyIn(rows.slice(0, 1))).toBeNull();
});
