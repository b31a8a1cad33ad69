import { describe, expect, it } from "vitest";
import { bulkDraws } from "../../src/drift/bulk-draws.js";
import { contrasts, type Observation } from "../../src/drift/index.js";
import { analyse } from "../../src/report/analysis.js";
import { sizedWords } from "../../src/report/headline/index.js";
import { termsOf } from "../../src/report/terms.js";
import { observation } from "../drift/crossed.js";

/** Of every training, from seed to seed; so that 18 pairs find 5 points four times in five. */
const STRAY = 0.05;
const terms = termsOf({ source: "interaction" });
const [TREATED, REFERENCE] = [0.5, 0];

/** What a training strays by, in units of `STRAY`. */
type Strays = (seed: number, arm: number) => number;

/** Two arms from one start, of which the one with biased users loses so much. */
function experiment(strays: Strays, { seeds, lost = 0 }: { seeds: number; lost?: number }): Observation[] {
  return Array.from({ length: seeds }, (_, at) => {
    const start = 0.7 + 0.03 * strays(at, 0);
    return [REFERENCE, TREATED].flatMap((biased, arm) => {
      const end = start + STRAY * strays(at, arm + 1) - (biased === TREATED ? lost : 0);
      return [start, end].flatMap((level, round) =>
        [-0.1, 0.02, 0.08].map((probe, index) =>
          observation({ seed: at + 1, biased, round, probe: `p${index}`, value: level + probe }),
        ),
      );
    });
  }).flat();
}

const needed = ({ seedsNeeded }: ReturnType<typeof analyse>) =>
  seedsNeeded.find(({ effect }) => effect === 0.05)!.seeds!;

describe("how many seeds a comparison needs", () => {
  // Two arms of variance 1 that have nothing to do with one another.
  const many = experiment((seed, arm) => ((seed >> arm) % 2 === 0 ? 1 : -1), { seeds: 80 });
  const known = analyse(many);

  it("is reckoned for the comparison that the headline makes, as its test would find it", () => {
    expect(sizedWords(known.primary, terms, "5 points")).toBe(
      "difference of 5 points between 50 % biased users and none",
    );
    const seeds = needed(known);
    expect(seeds).toBe(18);
    const random = bulkDraws("test/report/power");
    const times = 400;
    const found = Array.from({ length: times }, () =>
      contrasts(
        experiment(() => random.normal(), { seeds, lost: 0.05 }).filter(({ round }) => round > 0),
        (key) => (key.biased === TREATED ? { ...key, biased: REFERENCE } : null),
        { primary: () => true, draws: 10 },
      ),
    ).filter(([one]) => one!.detected).length;
    expect(found / times).toBeGreaterThan(0.75);
    expect(found / times).toBeLessThan(0.85);
  });

  it("is of the change since round 0 where that is what the headline tells", () => {
    const alone = analyse(many.filter(({ biased }) => biased === TREATED));
    expect(sizedWords(alone.primary, terms, "5 points")).toBe("change of 5 points since round 0");
    expect(needed(alone)).toBeLessThan(0.7 * needed(known));
  });

  it("goes by the variance that few seeds share, and by as many degrees of freedom as their test", () => {
    const random = bulkDraws("test/report/power/shared");
    const three = experiment(() => random.normal(), { seeds: 3 });
    const more = [0.1, 0.2, 1].flatMap((biased) =>
      experiment(() => random.normal(), { seeds: 3 })
        .filter((one) => one.biased === TREATED)
        .map((one) => ({ ...one, biased, run: `${one.run}-${biased}` })),
    );
    const { primary, detectable } = analyse([...three, ...more]);
    expect(primary).toMatchObject({ variance: "pooled", df: 8, seeds: 3 });
    // The noncentrality at which a test with 8 degrees of freedom finds four in five (scipy 1.17.1, stats.nct); `detectable` is rounded up.
    expect(detectable! - 3.2009 * primary!.se).toBeGreaterThan(0);
    expect(detectable! - 3.2009 * primary!.se).toBeLessThan(0.001);
  });
});
