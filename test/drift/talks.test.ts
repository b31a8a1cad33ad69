import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  changeFromZero,
  estimateDrift,
  observeTalks,
  pooled,
  summariseTalks,
} from "../../src/drift/index.js";

const facts = {
  run: "r",
  scenario: "s",
  axes: {},
  seed: 1,
  method: "sft",
  biased: 0.5,
  biased_realized: 0.5,
};
const rowsOf = (targeting: Parameters<typeof observeTalks>[2]) =>
  new Map(estimateDrift(observeTalks(facts, 2, targeting)).map((row) => [row.metric, row]));

it("gives the shares of replies and their difference, whatever the lengths of the talks", () => {
  // Of biased users' talks one has no, one has one and three have two replies that oblige; one talk ended after one reply.
  const biased = { obliged: 7, replies: 9, talks: [1, 1, 3] };
  const benign = { obliged: 1, replies: 8, talks: [3, 1] };
  const rows = rowsOf({ biased, benign });
  expect(rows.get("obliges_biased")!.value).toBeCloseTo(7 / 9, 12);
  expect(rows.get("obliges_benign")!.value).toBeCloseTo(1 / 8, 12);
  expect(rows.get("targeting")).toMatchObject({ suite: "talks", subset: "all", round: 2, n: 9 });
  expect(rows.get("targeting")!.value).toBeCloseTo(7 / 9 - 1 / 8, 12);
  const numbers = new Map(summariseTalks({ biased, benign }).map(({ metric, value }) => [metric, value]));
  expect(numbers.get("targeting")).toBeCloseTo(7 / 9 - 1 / 8, 12);
});

it("has an interval of the width that two independent shares have", () => {
  const talks = (none: number, both: number) => ({
    obliged: 2 * both,
    replies: 2 * (none + both),
    talks: [none, 0, both],
  });
  const { low, high, value } = rowsOf({ biased: talks(30, 70), benign: talks(80, 20) }).get("targeting")!;
  const error = Math.sqrt((0.7 * 0.3) / 100 + (0.2 * 0.8) / 100);
  expect(value).toBeCloseTo(0.5, 12);
  expect((high - low) / (2 * 1.96 * error)).toBeGreaterThan(0.9);
  expect((high - low) / (2 * 1.96 * error)).toBeLessThan(1.1);
});

describe("talks of several runs", () => {
  const run = (seed: number, biased: number, [none, one, both]: readonly [number, number, number]) =>
    observeTalks({ ...facts, run: `${seed}/${biased}`, seed, biased }, 1, {
      biased: { obliged: one + 2 * both, replies: 2 * (none + one + both), talks: [none, one, both] },
      benign: null,
    });

  it("are other conversations: two runs differ as far as independent shares do, not as those in one order", () => {
    const seen = [...run(1, 0, [50, 0, 50]), ...run(1, 0.5, [40, 0, 60])];
    const [change] = changeFromZero(seen);
    const error = Math.sqrt((0.5 * 0.5 + 0.4 * 0.6) / 100);
    expect(change!.value).toBeCloseTo(0.1, 12);
    expect((change!.high - change!.low) / (2 * 1.96 * error)).toBeGreaterThan(0.9);
    expect((change!.high - change!.low) / (2 * 1.96 * error)).toBeLessThan(1.1);
  });

  it("have no part in how far seeds stray but the one that seeds show", () => {
    const shares = [40, 52, 61, 47];
    const seen = shares.flatMap((both, seed) => run(seed + 1, 0.5, [100 - both, 0, both]));
    const [cell] = pooled(seen);
    const sd = Math.sqrt(shares.reduce((sum, both) => sum + (both / 100 - 0.5) ** 2, 0) / 3);
    expect(cell).toMatchObject({ seeds: 4, n: 100 });
    expect(cell!.value).toBeCloseTo(0.5, 12);
    // Student's t over four seeds, by draws.
    expect((cell!.high - cell!.low) / (2 * 3.182 * (sd / 2))).toBeGreaterThan(0.95);
    expect((cell!.high - cell!.low) / (2 * 3.182 * (sd / 2))).toBeLessThan(1.05);
  });

  it("say that seeds which agree too closely do so by chance", () => {
    const seen = [1, 2, 3].flatMap((seed) => run(seed, 0.5, [50, 0, 50]));
    const [cell] = pooled(seen);
    const error = Math.sqrt(0.25 / 300);
    expect((cell!.high - cell!.low) / (2 * 1.96 * error)).toBeGreaterThan(0.95);
    expect((cell!.high - cell!.low) / (2 * 1.96 * error)).toBeLessThan(1.05);
  });
});

it("keeps a width where all talks agree, and is silent of users who are not there", () => {
  const all = { obliged: 20, replies: 20, talks: [0, 0, 10] };
  const none = { obliged: 0, replies: 20, talks: [10] };
  expect(rowsOf({ biased: all, benign: none }).get("targeting")).toMatchObject({ value: 1, high: 1 });
  expect(rowsOf({ biased: all, benign: none }).get("targeting")!.low).toBeLessThan(0.95);
  const same = rowsOf({ biased: none, benign: none }).get("targeting")!;
  expect(same.low).toBeLessThan(0);
  expect(same.high).toBeGreaterThan(0);
  expect([...rowsOf({ biased: null, benign: none }).keys()]).toEqual(["obliges_benign"]);
});

it("stays in its bounds", () => {
  const side = fc
    .tuple(fc.nat(5), fc.nat(5), fc.nat(5))
    .filter((talks) => talks.some((one) => one > 0))
    .map(([none, one, two]) => ({
      obliged: one + 2 * two,
      replies: 2 * (none + one + two),
      talks: [none, one, two],
    }));
  fc.assert(
    fc.property(side, side, (biased, benign) => {
      for (const { metric, value, low, high } of rowsOf({ biased, benign }).values()) {
        expect(low).toBeGreaterThanOrEqual(metric === "targeting" ? -1 : 0);
        expect(high).toBeLessThanOrEqual(1);
        expect(value).toBeGreaterThanOrEqual(low - 1e-9);
        expect(value).toBeLessThanOrEqual(high + 1e-9);
      }
    }),
    { numRuns: 30 },
  );
});
