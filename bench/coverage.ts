import { changeFromBase, pooled } from "../src/drift/index.js";
import { experiments, NARROW, percentiles, type Spread, truth, WIDE } from "../test/drift/crossed.js";

const EXPERIMENTS = 1_000;
const DRAWS = 1_000;

/** Training and probes that do not differ at all but for chance. */
const NONE: Spread = { seeds: 0, probes: 1.2, change: 0 };

/** The share of experiments of known truth whose 95 % interval holds it, in percent (standard error 0.7). */
export default async function bench() {
  const rows = [3, 5, 10].flatMap((seeds) =>
    Object.entries({ much: WIDE, little: NARROW, "not at all": NONE }).map(([differ, spread]) => {
      const next = experiments(seeds, spread, `bench/coverage/${seeds}/${differ}`);
      const honesty = truth(0, spread);
      const change = truth(1, spread) - honesty;
      const held = { honesty: 0, change: 0, percentiles: 0 };
      const holds = ({ low, high }: { low: number; high: number }, value: number) =>
        low <= value && value <= high ? 100 / EXPERIMENTS : 0;
      for (let i = 0; i < EXPERIMENTS; i += 1) {
        const seen = next();
        const base = seen.filter(({ round }) => round === 0);
        held.honesty += holds(pooled(base, { draws: DRAWS })[0]!, honesty);
        held.change += holds(changeFromBase(seen, { draws: DRAWS })[0]!, change);
        held.percentiles += holds(percentiles(base, 300), honesty);
      }
      const rounded = Object.entries(held).map(([name, share]) => [name, Number(share.toFixed(1))]);
      return { seeds, "seeds differ": differ, ...(Object.fromEntries(rounded) as Record<string, number>) };
    }),
  );
  return { name: `coverage of 95 % intervals in ${EXPERIMENTS} experiments, percent`, rows };
}
