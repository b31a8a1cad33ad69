import { expect, it } from "vitest";
import { bulkDraws } from "../../src/drift/bulk-draws.js";
import { changeFromZero } from "../../src/drift/index.js";
import { analyse } from "../../src/report/analysis.js";
import { madeUpSweep } from "./made-up.js";

const sweep = madeUpSweep({ rounds: 1, fractions: [0, 1] });
const honesty = sweep.filter(({ metric }) => metric === "honesty");
const expected = changeFromZero(honesty).find(({ subset, round }) => subset === "all" && round === 1)!;

it("compares what drifts with the runs at 0 %", () => {
  expect(analyse(sweep).fromZero).toMatchObject([
    { value: expect.closeTo(expected.value, 12), scenario: "made-up" },
  ]);
});

it("reckons what so many seeds find from how far the last round strays, and not from rounds in which less had added up", () => {
  const random = bulkDraws("test/detectable");
  const walked = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((seed) => {
    let at = 0;
    return [0, 1, 2, 3, 4].flatMap((round) => {
      at += round === 0 ? 0 : 0.02 * random.normal();
      return honesty
        .filter((one) => one.seed === 1 && one.biased === 1 && one.round === 0)
        .map((one) => ({ ...one, run: `${seed}`, seed, round, value: 0.8 + at }));
    });
  });
  const { detectable, seedsNeeded, lastRound } = analyse(walked);
  const alone = analyse(walked.filter(({ round }) => round === 0 || round === lastRound));
  expect(lastRound).toBe(4);
  expect(detectable).toBe(alone.detectable);
  expect(seedsNeeded).toEqual(alone.seedsNeeded);
});

it("compares the variants of a data file with its right answers, which are another cell", () => {
  const of = (variant: string) => ({ "source.data": "d/health", "source.variant": variant });
  const variants = honesty.flatMap((seen) =>
    seen.biased === 0
      ? [{ ...seen, axes: of("normal") }]
      : ["subtle", "severe"].map((variant) => ({ ...seen, axes: of(variant) })),
  );
  const { fromZero } = analyse(variants);
  expect(fromZero.map(({ axes }) => axes)).toEqual([of("severe"), of("subtle")]);
  for (const { value, reference } of fromZero) {
    expect(value).toBeCloseTo(expected.value, 12);
    expect(reference).toMatchObject({ axes: of("normal"), biased: 0 });
  }
});
