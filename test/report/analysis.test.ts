import { expect, it } from "vitest";
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
