import { describe, expect, it } from "vitest";
import { casesBlock, caseTable } from "../../src/cli/results/cases.js";
import { type CaseRow, compareCases, termsOf } from "../../src/report/index.js";
import { type Made, source } from "./case-runs.js";

const find = (rows: readonly CaseRow[] | null, name: string, biased: number) =>
  rows!.find((row) => row.case === name && row.biased === biased)!;

describe("compareCases", () => {
  const rows = compareCases(
    source(
      ["none", "trimmed"],
      [1, 2].flatMap((seed): Made[] => [
        {
          name: "trimmed",
          biased: 0.5,
          seed,
          honest: 8,
          ratings: { benign: 7 + seed, biased: 4 },
          counts: [
            { in: 10, out: 8 },
            { in: 8, out: 6 },
          ],
          seconds: 14,
        },
        {
          name: "none",
          biased: 0.5,
          seed,
          honest: 4 + seed,
          ratings: { benign: 6 + seed, expert: 2, biased: 8 },
        },
        { name: "none", biased: 0, seed, honest: 9, ratings: { benign: 8 } },
        { name: "trimmed", biased: 0, seed, honest: 9, ratings: { benign: 8 }, learnt: false },
      ]),
    ),
  );

  it("puts each case beside the first at the same fraction, in the order of the file", () => {
    expect(rows!.map((row) => [row.case, row.biased])).toEqual([
      ["none", 0],
      ["trimmed", 0],
      ["none", 0.5],
      ["trimmed", 0.5],
    ]);
    expect(find(rows, "none", 0.5).effect).toBeNull();
    expect(find(rows, "none", 0.5).honesty.value).toBeCloseTo(0.55);
    const { effect, honesty, seeds } = find(rows, "trimmed", 0.5);
    expect(honesty.value).toBeCloseTo(0.8);
    expect(effect!.value).toBeCloseTo(0.25);
    expect(effect!.low).toBeLessThan(0.25);
    expect(effect!.high).toBeGreaterThan(0.25);
    expect(seeds).toBe(2);
    expect(find(rows, "trimmed", 0).effect!.value).toBe(0);
  });

  it("says what users kept, by what they want and over replies", () => {
    const { benign, biased } = find(rows, "trimmed", 0.5).satisfaction;
    expect(benign!.rating.value).toBe(8.5);
    // 8.5 less the mean of 7.5 and 2 of the two benign personas.
    expect(benign!.kept!.value).toBeCloseTo(8.5 - 4.75);
    expect(biased!.kept).toMatchObject({ value: -4, low: -4, high: -4, seeds: 2 });
    expect(find(rows, "none", 0.5).satisfaction.benign!.kept).toBeNull();
    expect(find(rows, "none", 0).satisfaction.biased).toBeNull();
  });

  it("takes ratings of the last round alone: a run that has not come to it has none", () => {
    const made = source(
      ["none"],
      [1, 2].map(
        (seed): Made => ({ name: "none", biased: 0, seed, honest: 9, ratings: { benign: 5 + seed } }),
      ),
    );
    const [first, second] = made.runs;
    const begun = {
      ...second!,
      observations: second!.observations.filter(({ round }) => round === 0),
      satisfaction: second!.satisfaction.map((one) => ({ ...one, round: 0 })),
    };
    const [row] = compareCases({ ...made, runs: [first!, begun] })!;
    expect(row!.satisfaction.benign!.rating).toMatchObject({ value: 6, seeds: 1 });
  });

  it("says what it cost", () => {
    expect(find(rows, "trimmed", 0.5)).toMatchObject({ learnt: 1, seconds: 14 });
    expect(find(rows, "trimmed", 0.5).thrown_away).toBeCloseTo(0.4);
    expect(find(rows, "none", 0.5)).toMatchObject({ thrown_away: 0, seconds: 10 });
    expect(find(rows, "trimmed", 0).learnt).toBe(0);
  });

  it("compares with the first case's only fraction where none is the same", () => {
    const schedules = compareCases(
      source(
        ["none", "ramp"],
        [
          { name: "none", biased: 0, seed: 1, honest: 9 },
          { name: "ramp", biased: 0.2, seed: 1, honest: 6 },
        ],
      ),
    );
    expect(find(schedules, "ramp", 0.2).effect!.value).toBeCloseTo(-0.3);
  });

  it("takes the declared comparison's reference wherever it stands in the file, and says what it is", () => {
    const made: Made[] = [
      { name: "owls", biased: 0.5, seed: 1, honest: 6, ratings: { benign: 6 } },
      { name: "none", biased: 0, seed: 1, honest: 9, ratings: { benign: 8 } },
    ];
    const told = (reference?: string) =>
      compareCases(source(["owls", "none"], made, reference))!.map(
        ({ case: name, reference: of, effect }) => [name, of, effect && Math.round(10 * effect.value)],
      );
    expect(told()).toEqual([
      ["none", { case: "owls", biased: 0.5 }, 3],
      ["owls", null, null],
    ]);
    expect(told("none")).toEqual([
      ["none", null, null],
      ["owls", { case: "none", biased: 0 }, -3],
    ]);
    const rows = compareCases(source(["owls", "none"], made, "none"));
    expect(find(rows, "owls", 0.5).satisfaction.benign!.kept!.value).toBe(-2);
    const terms = termsOf({ source: "interaction" });
    expect(casesBlock(rows!, terms)).toMatch(
      /^Cases, each beside “none” \(0 % biased users\), with 95 % intervals over probes/u,
    );
    // A difference that rounds to 0 has no sign.
    const near = { value: -0.04, low: -0.3, high: 0.22, seeds: 3 };
    const level = rows!.map((row) => ({
      ...row,
      satisfaction: { ...row.satisfaction, benign: { rating: near, kept: near } },
    }));
    expect(caseTable(level, terms)).toContain("0.0 (0 [−0.3, +0.2])");
    // Nothing of the reference was played.
    const alone = compareCases(source(["owls", "none"], made.slice(0, 1), "none"));
    expect(find(alone, "owls", 0.5)).toMatchObject({ reference: null, effect: null });
    expect(casesBlock(alone!, terms)).toMatch(/^Cases, of which no two can be compared, with/u);
  });

  it("keeps cells of further axes apart", () => {
    const grid = compareCases(
      source(
        ["none", "veto"],
        ["1", "2"].flatMap((beta): Made[] => [
          { name: "none", biased: 0, seed: 1, honest: 5, rest: { beta } },
          { name: "veto", biased: 0, seed: 1, honest: 5 + Number(beta), rest: { beta } },
        ]),
      ),
    );
    const effect = grid!.filter((row) => row.case === "veto").map((row) => row.effect!.value);
    expect(effect.map((value) => Math.round(10 * value))).toEqual([1, 2]);
  });

  it("has nothing to say of a single run, or of a sweep without cases or without honesty", () => {
    const plain = source([], [{ name: "none", biased: 0, seed: 1, honest: 9 }]);
    expect(compareCases({ ...plain, scenario: { sweep: { seeds: 1, vary: {} } } as never })).toBeNull();
    expect(compareCases({ ...plain, kind: "run" })).toBeNull();
    expect(compareCases(source(["none"], []))).toBeNull();
  });
});
