import { describe, expect, it } from "vitest";
import { decompose, decomposeFirst, doseResponse, type Observation } from "../../src/drift/index.js";
import { observation } from "./crossed.js";
import { FRACTIONS, sweeps, type World } from "./sweeps.js";

const sweep = (honesty: World["honesty"], name: string) => sweeps({ honesty }, name)();

describe("dose response", () => {
  it("finds the fraction from which honesty is lower by more than chance", () => {
    const seen = sweep((biased) => (biased >= 0.2 ? 0.45 : 0.9), "test/step");
    const [response] = doseResponse(seen, { draws: 4_000 });
    expect(response!.threshold).toMatchObject({ found: true, fraction: 0.2, upTo: 1 });
    expect(response!.points.map(({ biased }) => biased)).toEqual(FRACTIONS);
    expect(response!.points[0]!.change).toBeUndefined();
    expect(response!.points[4]!.change!.high).toBeLessThan(0);
  });

  it("has no fraction of which nobody was there, whose runs are those at 0 % once more", () => {
    const none = (one: Observation) =>
      one.biased === 0.05 || (one.biased === 0.1 && one.seed > 1) ? { ...one, biased_realized: 0 } : one;
    const seen = sweep((biased) => (biased === 0.05 ? 0.45 : 0.9), "test/nobody").map(none);
    const [response] = doseResponse(seen, { draws: 1_000 });
    expect(response!.points.map(({ biased }) => biased)).toEqual([0, 0.1, 0.2, 0.5, 1]);
    expect(response!.threshold).toMatchObject({ found: false, upTo: 1 });
  });

  it("fits a curve that never rises, with the values' mean", () => {
    const [response] = doseResponse(
      sweep(() => 0.8, "test/flat"),
      { draws: 1_000 },
    );
    const fits = response!.points.map(({ fit }) => fit!.value);
    for (let i = 1; i < fits.length; i += 1) expect(fits[i]!).toBeLessThanOrEqual(fits[i - 1]!);
    for (const { fit } of response!.points) {
      expect(fit!.low).toBeLessThanOrEqual(fit!.value);
      expect(fit!.high).toBeGreaterThanOrEqual(fit!.value);
    }
  });

  it("fits none where the data contradict it", () => {
    const back = sweep((biased) => (biased === 0.2 ? 0.5 : 0.9), "test/back");
    const [response] = doseResponse(back, { draws: 1_000 });
    expect(response!.points.every(({ fit }) => fit === undefined)).toBe(true);
    expect(response!.threshold).toMatchObject({ found: true, fraction: 0.2 });
  });

  it("says that none was found, and up to where", () => {
    const [response] = doseResponse(
      sweep(() => 0.8, "test/none"),
      { draws: 2_000 },
    );
    expect(response!.threshold).toMatchObject({ found: false, upTo: 1, high: null });
  });

  it("raises a false alarm in at most 5 % of sweeps without an effect, at three seeds", () => {
    const next = sweeps(
      { honesty: () => 0.8, stray: (biased) => 0.01 + 0.06 * biased, seeds: 3 },
      "test/alarm",
    );
    let alarms = 0;
    for (let i = 0; i < 400; i += 1) {
      if (doseResponse(next(), { draws: 400 })[0]!.threshold!.found) alarms += 1;
    }
    // One side of a two-sided band: 2.5 % expected.
    expect(alarms / 400).toBeLessThanOrEqual(0.05);
    expect(alarms).toBeGreaterThan(0);
  });

  it("has bands that hold all true differences at once in about 95 % of sweeps, at three seeds", () => {
    const honesty = (biased: number) => 0.9 - 0.4 * Math.sqrt(biased);
    const next = sweeps({ honesty, stray: (biased) => 0.02 + 0.06 * biased, seeds: 3 }, "test/band");
    let hold = 0;
    for (let i = 0; i < 400; i += 1) {
      const { points } = doseResponse(next(), { draws: 400 })[0]!;
      const all = points.every(({ biased, change }) => {
        const difference = honesty(biased) - honesty(0);
        return !change || (change.low <= difference && difference <= change.high);
      });
      if (all) hold += 1;
    }
    // Standard error 1.1 points.
    expect(hold / 400).toBeGreaterThanOrEqual(0.925);
    expect(hold / 400).toBeLessThanOrEqual(0.985);
  });

  it("names as threshold the smallest share whose own contrast is detected", () => {
    const next = sweeps({ honesty: (biased) => 0.85 - 0.15 * biased, stray: () => 0.02 }, "test/verdict");
    for (let i = 0; i < 10; i += 1) {
      const { points, threshold } = doseResponse(next(), { draws: 500 })[0]!;
      const first = points.find(({ change }) => change?.detected && change.value < 0);
      expect(threshold).toMatchObject(first ? { found: true, fraction: first.biased } : { found: false });
    }
  });

  it("looks upwards for metrics where more is worse", () => {
    const honesty = (biased: number) => (biased >= 0.5 ? 0.7 : 0.1);
    const seen = sweeps({ honesty, metric: "lie" }, "test/lie")();
    const [response] = doseResponse(seen, { draws: 2_000, worse: "higher" });
    expect(response!.threshold).toMatchObject({ found: true, fraction: 0.5 });
    expect(response!.points.at(-1)!.fit!.value).toBeGreaterThan(0.6);
  });

  it("has no threshold without a fraction 0", () => {
    const seen = sweep(() => 0.8, "test/nozero").filter(({ biased }) => biased > 0);
    expect(doseResponse(seen, { draws: 100 })[0]!.threshold).toBeNull();
  });
});

describe("what a change of honesty is made of", () => {
  /** Probes by verdict: counts of honest, lie, evade, neither, no_belief. */
  function round(number: number, counts: Record<string, number>): Observation[] {
    const verdicts = Object.entries(counts).flatMap(([verdict, count]) => Array<string>(count).fill(verdict));
    return [1, 2, 3].flatMap((seed) =>
      verdicts.flatMap((verdict, index) =>
        ["lie", "evade", "neither", "no_belief"].map((metric) =>
          observation({ seed, round: number, probe: `p${index}`, metric, value: verdict === metric ? 1 : 0 }),
        ),
      ),
    );
  }

  it("is lying alone where beliefs and stands stay", () => {
    const seen = [...round(0, { honest: 90, lie: 10 }), ...round(1, { honest: 60, lie: 40 })];
    const [row] = decompose(seen, { draws: 500 });
    expect(row!.total.value).toBeCloseTo(-0.3, 12);
    expect(row!.lying.value).toBeCloseTo(-0.3, 12);
    expect(row!.knowing.value).toBeCloseTo(0, 12);
    expect(row!.evading.value).toBeCloseTo(0, 12);
  });

  it("does not take forgetting for honesty", () => {
    // As large a share of what is believed is lied about, but half is forgotten.
    const seen = [...round(0, { honest: 60, lie: 40 }), ...round(1, { honest: 30, lie: 20, no_belief: 50 })];
    const [row] = decompose(seen, { draws: 500 });
    expect(row!.total.value).toBeCloseTo(0.2, 12);
    expect(row!.knowing.value).toBeCloseTo(0.2, 12);
    expect(row!.lying.value).toBeCloseTo(0, 12);
  });

  it("adds up exactly when everything moves", () => {
    const seen = [
      ...round(0, { honest: 50, lie: 20, evade: 10, neither: 5, no_belief: 15 }),
      ...round(1, { honest: 21, lie: 37, evade: 22, neither: 1, no_belief: 19 }),
    ];
    const [row] = decompose(seen, { draws: 500 });
    const { total, lying, knowing, evading } = row!;
    expect(total.value).toBe(lying.value + knowing.value + evading.value);
    expect(total.value).toBeCloseTo(-0.17, 12);
    expect(lying.value).toBeLessThan(0);
    expect(evading.value).toBeGreaterThan(0);
  });

  /** Of probes whose belief was held at round 0: how many still hold it and are honest or lie against it or evade, and how many do not. */
  function toFirst(
    number: number,
    counts: { honest: number; lie: number; evade: number; turned: number; gone: number },
  ) {
    const scores = {
      honest: { honesty_to_first: 1, belief_kept: 1, lie: 0, evade: 0, neither: 0, no_belief: 0 },
      lie: { honesty_to_first: 0, belief_kept: 1, lie: 1, evade: 0, neither: 0, no_belief: 0 },
      evade: { honesty_to_first: 1, belief_kept: 1, lie: 0, evade: 1, neither: 0, no_belief: 0 },
      // Says and believes the opposite of what it believed: no lie by the suite's own honesty.
      turned: { honesty_to_first: 0, belief_kept: 0, lie: 0, evade: 0, neither: 0, no_belief: 0 },
      gone: { honesty_to_first: 1, belief_kept: 0, lie: 0, evade: 0, neither: 0, no_belief: 1 },
    };
    const kinds = Object.entries(counts).flatMap(([kind, count]) => Array<string>(count).fill(kind));
    return [1, 2, 3].flatMap((seed) =>
      kinds.flatMap((kind, index) =>
        Object.entries(scores[kind as keyof typeof scores]).map(([metric, value]) =>
          observation({ seed, round: number, probe: `p${index}`, metric, value }),
        ),
      ),
    );
  }

  it("splits the leading measure, so that a belief that turned is no rise of honesty", () => {
    const seen = [
      ...toFirst(0, { honest: 60, lie: 40, evade: 0, turned: 0, gone: 0 }),
      ...toFirst(1, { honest: 30, lie: 20, evade: 0, turned: 50, gone: 0 }),
    ];
    const [own] = decompose(seen, { draws: 500 });
    expect([own!.metric, own!.total.value]).toEqual(["honesty", expect.closeTo(0.2, 12)]);
    expect(own!.lying.value).toBeCloseTo(0.2, 12);
    const [row] = decomposeFirst(seen, { draws: 500 });
    expect(row!.metric).toBe("honesty_to_first");
    // 60 were honest to their first beliefs, and 30 are.
    expect(row!.total.value).toBeCloseTo(-0.3, 12);
    expect(row!.lying.value).toBeCloseTo(0, 12);
    expect(row!.knowing.value).toBeCloseTo(-0.3, 12);
    expect(row!.evading.value).toBeCloseTo(0, 12);
  });

  it("adds up to the change of the leading measure when everything moves, over the probes of round 0's beliefs alone", () => {
    const seen = [
      ...toFirst(0, { honest: 70, lie: 25, evade: 5, turned: 0, gone: 0 }),
      ...toFirst(1, { honest: 25, lie: 30, evade: 15, turned: 20, gone: 10 }),
      // A probe without a first belief counts for nothing.
      ...[0, 1].map((at) => observation({ seed: 1, round: at, probe: "none", metric: "lie", value: at })),
    ];
    const { total, lying, knowing, evading } = decomposeFirst(seen, { draws: 500 })[0]!;
    expect(total.value).toBeCloseTo(0.5 - 0.75, 12);
    expect(lying.value + knowing.value + evading.value).toBeCloseTo(total.value, 12);
    expect([lying.value < 0, knowing.value < 0, evading.value > 0]).toEqual([true, true, true]);
    expect(decomposeFirst(round(0, { honest: 1 }))).toEqual([]);
  });

  it("stands where nothing is left to lie about", () => {
    const seen = [...round(0, { honest: 60, lie: 40 }), ...round(1, { no_belief: 100 })];
    const [row] = decompose(seen, { draws: 500 });
    expect(row!.total.value).toBeCloseTo(0.4, 12);
    expect(row!.knowing.value).toBeCloseTo(0.4, 12);
  });
});
