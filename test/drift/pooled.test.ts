import { describe, expect, it } from "vitest";
import { effectOf } from "../../src/drift/effect.js";
import { changeFromBase, changeFromZero, type Observation, pooled } from "../../src/drift/index.js";
import { tQuantile } from "../../src/drift/student.js";
import { difference, frameOf, tableOf } from "../../src/drift/table.js";
import { stream } from "../../src/random.js";
import { experiments, observation } from "./crossed.js";

/** One observation per seed (rows) and probe (columns). */
function table(values: (number | null)[][], some: Partial<Observation> = {}): Observation[] {
  return values.flatMap((row, seed) =>
    row.flatMap((value, probe) =>
      value === null ? [] : [observation({ seed: seed + 1, probe: `p${probe}`, value, ...some })],
    ),
  );
}

describe("pooled", () => {
  it("is the mean of the seeds' means, each over the probes that count", () => {
    const [row] = pooled(
      table([
        [1, 0, null],
        [1, 1, 1],
        [0, 0, 1],
      ]),
    );
    expect(row).toMatchObject({ value: (0.5 + 1 + 1 / 3) / 3, seeds: 3 });
    expect(row!.n).toBeCloseTo(8 / 3, 12);
  });

  it("is Student's interval over the seeds where probes all behave alike", () => {
    const means = [0.9, 0.8, 0.85, 0.7];
    const [row] = pooled(table(means.map((mean) => [mean, mean, mean])), { draws: 100_000 });
    const mean = 0.8125;
    const sd = Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3);
    const half = (tQuantile(0.975, 3) * sd) / 2;
    expect(row!.low).toBeCloseTo(mean - half, 2);
    expect(row!.high).toBeCloseTo(Math.min(1, mean + half), 2);
  });

  it("is the bootstrap over the probes where seeds all agree", () => {
    const values = Array.from({ length: 200 }, (_, i) => (i % 4 === 0 ? 0 : 1));
    const [row] = pooled(table([values, values, values]), { draws: 20_000 });
    const half = 1.96 * Math.sqrt((0.75 * 0.25) / 199);
    expect(row!.low).toBeCloseTo(0.75 - half, 2);
    expect(row!.high).toBeCloseTo(0.75 + half, 2);
  });

  it("takes the variance apart as a two-way analysis of variance does", () => {
    const random = stream("test/anova");
    const [S, P] = [4, 25];
    const values = Array.from({ length: S }, () => Array.from({ length: P }, () => random()));
    const mean = values.flat().reduce((sum, value) => sum + value) / (S * P);
    const rows = values.map((row) => row.reduce((sum, value) => sum + value) / P);
    const columns = values[0]!.map((_, i) => values.reduce((sum, row) => sum + row[i]!, 0) / S);
    const squares = (items: number[]) => items.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const meanSquareSeeds = (P * squares(rows)) / (S - 1);
    const meanSquareProbes = (S * squares(columns)) / (P - 1);
    const rest = values.flatMap((row, s) => row.map((value, i) => value - rows[s]! - columns[i]! + mean));
    const meanSquareRest = rest.reduce((sum, value) => sum + value ** 2, 0) / ((S - 1) * (P - 1));

    const seen = table(values);
    const effect = effectOf(tableOf(seen, frameOf(seen)));
    expect(effect.seedVariance).toBeCloseTo(meanSquareSeeds / (S * P), 12);
    expect(effect.probeVariance).toBeCloseTo(Math.max(0, meanSquareProbes - meanSquareRest) / (S * P), 12);
  });

  it("keeps a width where everything agrees", () => {
    const [row] = pooled(
      table([
        [1, 1, 1, 1],
        [1, 1, 1, 1],
      ]),
    );
    expect(row).toMatchObject({ value: 1, high: 1 });
    expect(row!.low).toBeCloseTo(1 / (1 + 1.96 ** 2 / 4), 3);
  });

  it("takes a single seed's interval over its probes", () => {
    const [row] = pooled(table([[1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]]));
    expect(row!.seeds).toBe(1);
    expect(row!.high - row!.low).toBeCloseTo(2 * 1.96 * Math.sqrt(0.25 / 15), 1);
  });

  it("gives equal numbers for equal data in any order", () => {
    const seen = experiments(3, { seeds: 0.5, probes: 1, change: 0.3 }, "test/order")();
    expect(pooled([...seen].reverse(), { draws: 500 })).toEqual(pooled(seen, { draws: 500 }));
  });

  it("counts every subset and all of them", () => {
    const seen = [
      ...table([[1, 1]], { subset: "facts" }),
      observation({ subset: "numbers", probe: "q", value: 0 }),
    ];
    const rows = pooled(seen).map(({ subset, value }) => [subset, value]);
    expect(rows).toEqual([
      ["all", 2 / 3],
      ["facts", 1],
      ["numbers", 0],
    ]);
  });

  it("refuses two runs of one seed", () => {
    const seen = [observation({ run: "a" }), observation({ run: "b" })];
    expect(() => pooled(seen)).toThrow("a and b are both seed 1 of crossed, sft, 0.1 biased");
  });
});

describe("changes", () => {
  const seen = experiments(4, { seeds: 1.5, probes: 1.5, change: 0 }, "test/change")();

  it("from round 0 are exactly the difference of the pooled values", () => {
    const [before, after] = pooled(seen);
    const [change] = changeFromBase(seen);
    expect(change!.value).toBeCloseTo(after!.value - before!.value, 12);
    expect(change).toMatchObject({ round: 1, seeds: 4 });
  });

  it("have the variance of the differences themselves, probe by probe", () => {
    // Each probe has a level and a change of its own, so that other probes would change otherwise.
    const random = stream("test/differences");
    const levels = Array.from({ length: 20 }, () => [random(), random()] as const);
    const [before, after] = ([0, 1] as const).map((round) =>
      table(
        [0.1, 0.2, 0.3].map((seed) => levels.map((own) => own[round] + seed * random())),
        { round },
      ),
    );
    const frame = frameOf(before!);
    const paired = effectOf(difference(tableOf(after!, frame), tableOf(before!, frame)));
    const key = ({ seed, probe }: Observation) => `${seed}/${probe}`;
    const base = new Map(before!.map((one) => [key(one), one.value]));
    const differences = after!.map((one) => ({ ...one, value: one.value - base.get(key(one))! }));
    const direct = effectOf(tableOf(differences, frame));
    expect(direct.probeVariance).toBeGreaterThan(0);
    expect(paired.probeVariance).toBeCloseTo(direct.probeVariance, 12);
    expect(paired.seedVariance).toBeCloseTo(direct.seedVariance, 12);
  });

  it("are narrower for being paired", () => {
    const [change] = changeFromBase(seen);
    // The same numbers with the pairing broken: the second round's seeds and probes are other ones.
    const broken = seen.map((one) =>
      one.round === 0
        ? one
        : { ...one, seed: (one.seed % 4) + 1, probe: `p${39 - Number(one.probe.slice(1))}` },
    );
    const [loose] = changeFromBase(broken);
    expect(loose!.value).toBeCloseTo(change!.value, 12);
    expect(change!.high - change!.low).toBeLessThan(0.7 * (loose!.high - loose!.low));
  });

  it("from fraction 0 compare the same round, over the seeds that both have", () => {
    const zero = table(
      [
        [1, 1, 1, 0],
        [1, 1, 0, 1],
        [0, 0, 0, 0],
      ],
      { biased: 0 },
    );
    const half = table(
      [
        [0, 1, 0, 0],
        [1, 0, 0, 1],
      ],
      { biased: 0.5 },
    );
    const [change] = changeFromZero([...zero, ...half]);
    expect(change).toMatchObject({ biased: 0.5, seeds: 2, value: -0.375 });
  });

  it("have a p value on the same side as the interval", () => {
    for (const one of Array.from({ length: 20 }, (_, i) =>
      experiments(3, { seeds: 0.5, probes: 1, change: 0.4 }, `test/p/${i}`)(),
    )) {
      const [change] = changeFromBase(one, { draws: 2_000 });
      expect(change!.p < 0.05).toBe(change!.high < 0 || change!.low > 0);
    }
  });

  it("are not certain where seeds agree by luck: one probe more in each, another one each", () => {
    const honest = Array.from({ length: 30 }, () => 1);
    const lieOn = (index: number) => honest.map((value, at) => (at === index ? 0 : value));
    const lucky = [
      ...table([honest, honest, honest]),
      ...table([lieOn(3), lieOn(9), lieOn(20)], { round: 1 }),
    ];
    const [change] = changeFromBase(lucky);
    const half = 1.96 * Math.sqrt((1 / 30) * (29 / 30) * (1 / 90));
    expect(change!.value).toBeCloseTo(-1 / 30, 12);
    expect(change!.low).toBeCloseTo(-1 / 30 - half, 2);
    expect(change!.high).toBeCloseTo(-1 / 30 + half, 2);
    expect(change!.p).toBeGreaterThan(0.03);
    const [after] = pooled(lucky.filter(({ round }) => round === 1));
    expect(after!.high - after!.low).toBeGreaterThan(0.05);
  });

  it("are certain, not undecided, where every probe of every seed changed", () => {
    const seenAll = [...table([[1, 1, 1, 1, 1, 1]]), ...table([[0, 0, 0, 0, 0, 0]], { round: 1 })];
    expect(changeFromBase(seenAll)[0]).toMatchObject({ value: -1, low: -1, p: 2 / 10_001 });
    const still = [...table([[1, 1, 1]]), ...table([[1, 1, 1]], { round: 1 })];
    expect(changeFromBase(still)[0]).toMatchObject({ value: 0, p: 1 });
  });
});
