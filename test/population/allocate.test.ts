import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate, resolveRest } from "../../src/population/index.js";

/** Fractions in whole percents that sum to 1. */
const fractions = fc
  .array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 })
  .filter((parts) => parts.some((part) => part > 0))
  .map((parts) => {
    const sum = parts.reduce((total, part) => total + part, 0);
    return Object.fromEntries(parts.map((part, index) => [`p${index}`, part / sum]));
  });

describe("allocate", () => {
  it("gives every user away, each persona within one of its quota", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fractions, (size, parts) => {
        const counts = allocate(size, parts);
        expect(Object.values(counts).reduce((total, count) => total + count, 0)).toBe(size);
        for (const [name, part] of Object.entries(parts)) {
          expect(Math.abs(counts[name]! - part * size)).toBeLessThan(1);
        }
      }),
    );
  });

  it("gives whole quotas exactly, whatever binary arithmetic makes of them", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100 }),
        fc.integer({ min: 1, max: 10_000 }),
        (percent, hundreds) => {
          const counts = allocate(100 * hundreds, { biased: percent / 100, benign: "rest" });
          expect(counts).toEqual({ biased: percent * hundreds, benign: (100 - percent) * hundreds });
        },
      ),
    );
  });

  it("gives a larger fraction no fewer users", () => {
    const percent = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), percent, percent, (size, a, b) => {
        const count = (part: number) => allocate(size, { benign: "rest", biased: part / 1000 }).biased!;
        expect(count(Math.min(a, b))).toBeLessThanOrEqual(count(Math.max(a, b)));
      }),
    );
  });

  it.each([
    [1, { a: 0.5, b: 0.5 }, { a: 1, b: 0 }],
    [1, { b: 0.5, a: 0.5 }, { b: 1, a: 0 }],
    [5, { a: 0.1, b: 0.3, c: 0.6 }, { a: 1, b: 1, c: 3 }],
    [10, { a: 0.25, b: 0.25, c: 0.25, d: 0.25 }, { a: 3, b: 3, c: 2, d: 2 }],
    [240, { benign: "rest", biased: 0.05 }, { benign: 228, biased: 12 }],
    [100, { a: 0.29, b: 0.71 }, { a: 29, b: 71 }],
    [7, { benign: "rest", biased: 0 }, { benign: 7, biased: 0 }],
    [7, { benign: "rest", biased: 1 }, { benign: 0, biased: 7 }],
    [1_000_000, { benign: "rest", biased: 1e-6 }, { benign: 999_999, biased: 1 }],
  ] as const)("%i users by %o are %o", (size, parts, counts) => {
    expect(allocate(size, parts as Record<string, number | "rest">)).toEqual(counts);
  });
});

describe("resolveRest", () => {
  it("fills up to 1 without the noise of binary arithmetic", () => {
    expect(resolveRest({ benign: 0.9, biased: "rest" })).toEqual({ benign: 0.9, biased: 0.1 });
    expect(resolveRest({ a: 0.7, b: 0.2, c: 0.1, d: "rest" }).d).toBe(0);
    expect(resolveRest({ a: 0.7, b: 0.3000000001, c: "rest" }).c).toBe(0);
  });
});
