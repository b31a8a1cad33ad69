import { describe, expect, it } from "vitest";
import { type BulkDraws, bulkDraws } from "../../src/drift/bulk-draws.js";
import {
  againstMargin,
  type Contrast,
  contrasts,
  judge,
  type Observation,
  pooled,
} from "../../src/drift/index.js";
import { tCdf, tQuantile } from "../../src/drift/student.js";
import { observation } from "./crossed.js";
import { sweeps } from "./sweeps.js";

const toZero = <T extends { biased: number }>(key: T) => (key.biased > 0 ? { ...key, biased: 0 } : null);

/** A value for each seed in each arm, the same on 200 probes but for small ripples that cancel. */
function arms(values: Record<string, readonly number[]>): Observation[] {
  return Object.entries(values).flatMap(([biased, seeds]) =>
    seeds.flatMap((value, seed) =>
      Array.from({ length: 200 }, (_, probe) =>
        observation({
          seed: seed + 1,
          biased: Number(biased),
          round: 4,
          probe: `p${probe}`,
          value: value + (probe % 2 === 0 ? 0.01 : -0.01),
        }),
      ),
    ),
  );
}

describe("contrasts", () => {
  const base = [0.9, 0.92, 0.88, 0.91, 0.93, 0.87];

  it("test the difference of each seed by Student's t", () => {
    const drop = [0.02, 0.05, 0.01, 0.07, 0.03, 0.06];
    const seen = arms({ 0: base, 0.5: base.map((value, at) => value - drop[at]!) });
    const [one] = contrasts(seen, toZero);
    const mean = -0.04;
    const sd = Math.sqrt(drop.reduce((sum, value) => sum + (value + mean) ** 2, 0) / 5);
    const half = (tQuantile(0.975, 5) * sd) / Math.sqrt(6);
    expect(one!.value).toBeCloseTo(mean, 10);
    expect(one!.low).toBeCloseTo(mean - half, 8);
    expect(one!.high).toBeCloseTo(mean + half, 8);
    expect(one!.p).toBeCloseTo(2 * tCdf((mean / sd) * Math.sqrt(6), 5), 8);
    expect(one!).toMatchObject({ seeds: 6, df: 5, variance: "own", detected: true });
    expect(one!.by_seed.map(({ seed }) => seed)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(one!.by_seed[1]!.value).toBeCloseTo(-0.05, 10);
  });

  it("learn nothing of how far trainings stray from a share of which nobody was there, whose runs are those at 0 % once more", () => {
    const start = base.slice(0, 3);
    const seen = arms({ 0: start, 0.001: start, 0.5: [0.88, 0.85, 0.87] }).map((one) =>
      one.biased === 0.001 ? { ...one, biased_realized: 0 } : one,
    );
    const of = (some: readonly Observation[]) =>
      contrasts(some, toZero).find(({ biased }) => biased === 0.5)!;
    const { se, df, variance } = of(seen);
    expect(variance).toBe("own");
    const alone = of(seen.filter(({ biased }) => biased !== 0.001));
    expect([se, df]).toEqual([alone.se, alone.df]);
  });

  it("give arms that stray their own variance from six seeds on, and one for all below", () => {
    const wild = base.map((value, at) => value - (at % 2 === 0 ? 0.6 : 0));
    const steady = base.map((value, at) => value - 0.03 - 0.001 * at);
    const six = contrasts(arms({ 0: base, 0.1: steady, 1: wild }), toZero);
    expect(six.find(({ biased }) => biased === 0.1)).toMatchObject({ variance: "own", detected: true });
    const three = contrasts(
      arms({ 0: base.slice(0, 3), 0.1: steady.slice(0, 3), 1: wild.slice(0, 3) }),
      toZero,
    );
    // (3 arms − 1) × (3 seeds − 1) degrees of freedom.
    expect(three.find(({ biased }) => biased === 0.1)).toMatchObject({ variance: "pooled", df: 4 });
  });

  it("test the primary contrast alone and correct the others for one another", () => {
    const next = sweeps(
      { honesty: (biased) => 0.85 - 0.1 * biased, stray: () => 0.02, seeds: 8 },
      "test/primary",
    );
    const rows = contrasts(next(), toZero, { primary: ({ biased }) => biased === 0.5 });
    const primary = rows.filter(({ role }) => role === "primary");
    expect(primary.map(({ biased }) => biased)).toEqual([0.5]);
    expect(primary[0]!.p_holm).toBe(primary[0]!.p);
    const others = rows.filter(({ role }) => role === "secondary");
    const smallest = others.reduce((least, row) => (row.p < least.p ? row : least));
    expect(smallest.p_holm).toBeCloseTo(Math.min(1, 4 * smallest.p), 12);
  });

  it("never show an interval that contradicts the verdict", () => {
    const next = sweeps(
      { honesty: (biased) => 0.85 - 0.1 * biased, stray: () => 0.03, seeds: 6 },
      "test/agree",
    );
    let detected = 0;
    for (let i = 0; i < 60; i += 1) {
      for (const row of contrasts(next(), toZero, { draws: 50 })) {
        if (row.detected) detected += 1;
        expect(row.detected).toBe(row.low > 0 || row.high < 0);
        if (Math.abs(row.p_holm - 0.05) > 1e-9) expect(row.detected).toBe(row.p_holm < 0.05);
      }
    }
    expect(detected).toBeGreaterThan(20);
    expect(detected).toBeLessThan(250);
  });

  it("agree with their interval where every probe of every seed moved alike, by however few and however far", () => {
    for (const probes of [1, 3, 4, 6, 16])
      for (const moved of [0, -0.02, -0.3, -1])
        for (const metric of ["honesty", "leaning"]) {
          const seen = [1, 2, 3].flatMap((seed) =>
            [0, 0.5].flatMap((biased) =>
              Array.from({ length: probes }, (_, probe) =>
                observation({
                  seed,
                  biased,
                  round: 4,
                  probe: `p${probe}`,
                  metric,
                  value: biased > 0 ? 1 + moved : 1,
                }),
              ),
            ),
          );
          const [{ p, low, high, detected, value, se }] = contrasts(seen, toZero) as [Contrast];
          expect(detected).toBe(high < 0);
          expect(p < 0.05).toBe(high < 0);
          if (high < 1 && low > -1) expect(high - value).toBeCloseTo(tQuantile(0.975, 1e6) * se, 5);
        }
  });

  it("detect nothing in one seed, whatever its probes say", () => {
    const [one] = contrasts(arms({ 0: [0.9], 0.5: [0.4] }), toZero);
    expect(one!).toMatchObject({ seeds: 1, variance: "probes", detected: false });
  });

  it("find every second false alarm only as often as they should, where arms collapse in some seeds", () => {
    const collapsing = (biased: number) => (biased > 0.2 ? 0.05 : 0.01);
    const next = sweeps({ honesty: () => 0.8, stray: collapsing, seeds: 6 }, "test/collapse");
    let alarms = 0;
    for (let i = 0; i < 300; i += 1)
      if (contrasts(next(), toZero, { draws: 10 }).some(({ detected }) => detected)) alarms += 1;
    expect(alarms).toBeGreaterThan(0);
    expect(alarms / 300).toBeLessThanOrEqual(0.08);
  });
});

describe("changes since round 0", () => {
  const ROUNDS = [0, 1, 2, 3, 4];
  const toBase = <T extends { round: number }>(key: T) => (key.round > 0 ? { ...key, round: 0 } : null);

  /** Three seeds whose trainings stray by as much in each round, mean 0: what they stray by adds up. */
  function walks(random: BulkDraws): Observation[] {
    return [1, 2, 3].flatMap((seed) => {
      let at = 0.8;
      return ROUNDS.flatMap((round) => {
        at += round === 0 ? 0 : 0.02 * random.normal();
        return ["a", "b"].map((probe) => observation({ seed, round, probe, value: at }));
      });
    });
  }

  it("have each its own variance, as the rounds of one arm are no arms beside it", () => {
    const rows = contrasts(walks(bulkDraws("test/walk")), toBase, { draws: 10 });
    expect(rows.map(({ variance, df }) => [variance, df])).toEqual(ROUNDS.slice(1).map(() => ["own", 2]));
    for (const { value, se, by_seed } of rows) {
      const variance = by_seed.reduce((sum, one) => sum + (one.value - value) ** 2, 0) / 2;
      expect(se).toBeCloseTo(Math.sqrt(variance / 3), 12);
    }
  });

  it("raise a false alarm in the last round as seldom as in the first", () => {
    const random = bulkDraws("test/walks");
    const alarms = ROUNDS.map(() => 0);
    const times = 600;
    for (let i = 0; i < times; i += 1)
      for (const { round, p } of contrasts(walks(random), toBase, { draws: 2 }))
        if (p < 0.05) alarms[round]! += 1;
    for (const round of [1, 4]) {
      expect(alarms[round]! / times).toBeGreaterThan(0.02);
      expect(alarms[round]! / times).toBeLessThan(0.08);
    }
  });
});

describe("one family", () => {
  const row = (value: number, se = 0.01, df = 7) => ({
    value,
    se,
    df,
    p: 2 * tCdf(-Math.abs(value) / se, df),
  });

  it("of one has the plain interval", () => {
    const [one] = judge([row(-0.03)]);
    expect(one!.high).toBeCloseTo(-0.03 + 0.01 * tQuantile(0.975, 7), 12);
    expect(one!.p_holm).toBe(row(-0.03).p);
  });

  it("stops at the first that fails, and tests all that are left at its level", () => {
    const family = judge([row(-0.1), row(-0.025), row(-0.024)]);
    expect(family[0]!.high).toBeCloseTo(-0.1 + 0.01 * tQuantile(1 - 0.025 / 3, 7), 12);
    for (const at of [1, 2]) {
      expect(family[at]!.high).toBeGreaterThan(0);
      expect(family[at]!.p_holm).toBeGreaterThan(0.05);
    }
    // Both would have been detected alone.
    expect(row(-0.024).p).toBeLessThan(0.05);
  });
});

describe("a margin", () => {
  it("calls the same only what lies within it by two one-sided tests", () => {
    const close = { value: -0.002, se: 0.005, df: 9, seeds: 10 };
    expect(againstMargin(close, 0.02).same.holds).toBe(true);
    expect(againstMargin(close, 0.01).same.holds).toBe(false);
    // Two seeds say too little of how far others stray, whatever variance they share with arms beside them.
    expect(againstMargin({ ...close, seeds: 3 }, 0.02).same.holds).toBe(true);
    expect(againstMargin({ ...close, seeds: 2 }, 0.02)).toMatchObject({
      same: { holds: false },
      not_lower: { holds: true },
    });
    // Not detected is not the same: a wide interval around 0.
    expect(againstMargin({ ...close, se: 0.03 }, 0.02)).toMatchObject({
      same: { holds: false },
      not_lower: { holds: false },
    });
  });

  it("calls a rise not lower, and not the same", () => {
    const risen = { value: 0.05, se: 0.005, df: 9, seeds: 10 };
    expect(againstMargin(risen, 0.02)).toMatchObject({ same: { holds: false }, not_lower: { holds: true } });
  });

  it("agrees with the 90 % interval", () => {
    const one = { value: -0.004, se: 0.006, df: 5, seeds: 6 };
    const half = one.se * tQuantile(0.95, 5);
    for (const margin of [0.01, 0.015, 0.0161, 0.0162, 0.02])
      expect(againstMargin(one, margin).same.holds).toBe(
        one.value - half > -margin && one.value + half < margin,
      );
  });

  it("claims nothing of one seed", () => {
    const margin = againstMargin({ value: 0, se: 1e-9, df: 1e6, seeds: 1 }, 0.02);
    expect(margin).toMatchObject({ same: { holds: false }, not_lower: { holds: false } });
  });
});

describe("pooled means", () => {
  it("have the same interval whatever stands beside them", () => {
    const next = sweeps(
      { honesty: (biased) => 0.85 - 0.1 * biased, stray: () => 0.03, seeds: 4 },
      "test/alone",
    );
    // Fewer seeds have the larger shares, so that a frame of all has rows that theirs lack.
    const seen = next().filter(({ seed, biased }) => seed < 4 || biased < 0.5);
    const among = pooled(seen);
    expect(among.map(({ seeds }) => seeds)).toEqual([4, 4, 4, 4, 3, 3]);
    for (const row of among) {
      // An interval that is cut off at both ends would be the same whatever is drawn.
      expect(row.high - row.low).toBeLessThan(0.6);
      expect(pooled(seen.filter(({ biased }) => biased === row.biased))).toEqual([row]);
    }
  });
});
