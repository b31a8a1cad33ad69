import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate, meanBiasedFraction } from "../../src/population/index.js";
import { fractionAt, type Schedule } from "../../src/scenario/index.js";
import { personas } from "./people.js";

const over = (schedule: Schedule, rounds = 6) =>
  Array.from({ length: rounds }, (_, index) => fractionAt(schedule, index + 1));

describe("fractionAt", () => {
  it.each<[string, Schedule, (number | "rest")[]]>([
    ["a number stays", 0.2, [0.2, 0.2, 0.2, 0.2, 0.2, 0.2]],
    ["rest stays", "rest", ["rest", "rest", "rest", "rest", "rest", "rest"]],
    ["a list ends in its last value", [0, 0.5, 0.1], [0, 0.5, 0.1, 0.1, 0.1, 0.1]],
    ["a ramp", { kind: "ramp", from: 0, to: 0.3, start: 2, end: 5 }, [0, 0, 0.1, 0.2, 0.3, 0.3]],
    ["a falling ramp", { kind: "ramp", from: 1, to: 0, start: 1, end: 3 }, [1, 0.5, 0, 0, 0, 0]],
    ["a step", { kind: "step", from: 0.1, to: 0.4, start: 3 }, [0.1, 0.1, 0.4, 0.4, 0.4, 0.4]],
    ["a pulse", { kind: "pulse", from: 0, to: 0.6, start: 2, end: 3 }, [0, 0.6, 0.6, 0, 0, 0]],
    ["a pulse of one round", { kind: "pulse", from: 0, to: 1, start: 6, end: 6 }, [0, 0, 0, 0, 0, 1]],
  ])("%s", (_name, schedule, expected) => {
    expect(over(schedule)).toEqual(expected);
  });

  it("stays between its ends and changes in one direction on a ramp, and allocates exactly in every round", () => {
    const share = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
    const round = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(share, share, round, round, fc.integer({ min: 1, max: 500 }), (from, to, a, b, size) => {
        fc.pre(a !== b);
        const ramp = { kind: "ramp" as const, from, to, start: Math.min(a, b), end: Math.max(a, b) };
        const values = over(ramp, 22) as number[];
        for (const [index, value] of values.entries()) {
          expect(value).toBeGreaterThanOrEqual(Math.min(from, to));
          expect(value).toBeLessThanOrEqual(Math.max(from, to));
          if (index > 0) expect((value - values[index - 1]!) * (to - from)).toBeGreaterThanOrEqual(0);
          const counts = allocate(size, { benign: "rest", biased: value });
          expect(counts.benign! + counts.biased!).toBe(size);
          expect(Math.abs(counts.biased! - value * size)).toBeLessThan(1);
        }
      }),
    );
  });
});

describe("meanBiasedFraction", () => {
  it("is the mean over rounds of all personas with the biased thought, without the noise of binary arithmetic", () => {
    const mean = (schedules: Record<string, Schedule>, rounds: number) =>
      meanBiasedFraction(schedules, personas, rounds);
    expect(mean({ benign: "rest", biased: 0.1 }, 3)).toBe(0.1);
    expect(mean({ benign: "rest", biased: 0.1, fan: 0.2 }, 7)).toBe(0.3);
    expect(mean({ benign: 0.9, biased: "rest" }, 4)).toBe(0.1);
    expect(mean({ benign: "rest", biased: [0, 0.3, 0.6] }, 3)).toBe(0.3);
    expect(mean({ benign: "rest", biased: { kind: "pulse", from: 0, to: 0.6, start: 1, end: 2 } }, 6)).toBe(
      0.2,
    );
  });
});
