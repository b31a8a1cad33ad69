import { describe, expect, it } from "vitest";
import type { Observation } from "../../src/drift/index.js";
import { analyse, type CaseRow, type ReportSource } from "../../src/report/index.js";
import { summary } from "../../src/report/summary.js";
import { madeUpSweep } from "./made-up.js";

const runsOf = (observations: readonly Observation[]) =>
  [...new Set(observations.map(({ run }) => run))].map((run) => ({ manifest: { hash: run } }));
const summarise = (observations: Observation[], cases: CaseRow[] | null = null) =>
  summary(
    { scenario: { source: "interaction" }, runs: runsOf(observations) } as unknown as ReportSource,
    analyse(observations),
    cases,
  )!;

describe("the summary", () => {
  const fallen = madeUpSweep({ fractions: [0, 0.5], rounds: 2 });

  it("says by how much honesty fell, with its interval, and from which share on", () => {
    const { happened } = summarise(madeUpSweep({ fractions: [0, 0.5], rounds: 2, seeds: 8 }));
    expect(happened).toMatch(
      /with 50 % biased users honesty fell by [\d.]+ points \[−[\d.]+, −[\d.]+\]; with 0 % biased users honesty (?:fell|rose)/u,
    );
    expect(happened).toContain(
      "Against runs without biased users, the smallest share with a detected drop is 50 %.",
    );
  });

  it("calls a change that contains none no change", () => {
    const { happened } = summarise(madeUpSweep({ fractions: [0], rounds: 2 }));
    expect(happened).toMatch(
      /points \[−[\d.]+, \+[\d.]+\], which is no change that could be told from chance/u,
    );
  });

  it("says how many runs and probes that is, and what they can find", () => {
    expect(summarise(fallen).sure).toMatch(
      /rest on 6 runs, 3 seeds of each kind, 90 probes a seed\. With that many, a change since round 0 of [\d.]+ points or more is found four times in five/u,
    );
    expect(summarise(madeUpSweep({ fractions: [0, 0.5], rounds: 2, seeds: 1 })).sure).toContain(
      "One seed cannot say how far another run would differ.",
    );
  });

  it("finds with more seeds what fewer would miss", () => {
    const least = (seeds: number) => analyse(madeUpSweep({ fractions: [0.5], rounds: 1, seeds })).detectable!;
    expect(least(12)).toBeLessThan(least(3));
  });

  it("calls the loss lying only where beliefs stayed", () => {
    expect(summarise(fallen).why).toContain("What honesty was lost is mostly lying");
    const forgotten = fallen.map((one) =>
      one.round > 0 && one.biased > 0 && one.metric === "belief_accuracy" ? { ...one, value: 0.2 } : one,
    );
    const { why, happened } = summarise(forgotten);
    expect(why).toMatch(/beliefs were right 9\d(?:\.\d)? % .* and 20 % after it/u);
    expect(why).toContain("In 1 of 2 cells beliefs went with honesty");
    expect(why).not.toContain("mostly lying");
    expect(happened).toContain("(though only 20 % of its beliefs were still right)");
  });

  it("counts where there are too many cells to tell", () => {
    const many = ["a", "b", "c"].flatMap((name) =>
      madeUpSweep({ fractions: [0, 1], rounds: 1, seeds: 4 }).map((one) => ({
        ...one,
        run: `${one.run}-${name}`,
        scenario: `study training.beta=${name}`,
      })),
    );
    const { happened } = summarise(many);
    expect(happened).toMatch(
      /^Over 1 round of training, of 6 cells honesty fell in 3: beta=[abc] with 100 % biased users by −/u,
    );
    expect(happened).toContain("in 3 it did not change by more than chance could");
  });

  it("speaks of rows where data files stand in for users", () => {
    const scenario = { source: { kind: "mixture" } };
    const source = { scenario, runs: runsOf(fallen) } as unknown as ReportSource;
    const { happened } = summary(source, analyse(fallen), null)!;
    expect(happened).toMatch(
      /with 50 % misaligned rows honesty fell .* Against runs without misaligned rows/u,
    );
    expect(happened).not.toContain("users");
  });

  it("sets cases beside the first and counts what cannot be told from it", () => {
    const row = (name: string, value: number, low: number, high: number): CaseRow => ({
      case: name,
      method: "sft",
      biased: 0.5,
      biased_realized: 0.5,
      seeds: 3,
      honesty: { value: 0.8, low: 0.7, high: 0.9, n: 90 },
      averted: { value, low, high, p: 0.01 },
      satisfaction: { benign: null, biased: null },
      thrown_away: 0,
      learnt: 1,
      seconds: 1,
    });
    const first = { ...row("none", 0, 0, 0), averted: null };
    const cases = [first, row("a", 0.1, 0.02, 0.2), row("b", -0.1, -0.2, -0.02), row("c", 0.01, -0.1, 0.1)];
    const { happened } = summarise(fallen, cases);
    expect(happened).toContain("each case is set beside “none”");
    expect(happened).toContain(
      "Of 3 comparisons 1 is more honest: a at 50 % biased by +10 [+2, +20] points; 1 is less honest: b at 50 % biased by −10 [−20, −2] points; 1 cannot be told from it.",
    );
  });
});
