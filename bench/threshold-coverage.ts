import { thresholdCoverage } from "../test/drift/sweeps.js";

const TIMES = 500;
const DRAWS = 1_000;

/** Training that strays from seed to seed equally at all fractions, and that strays more where more are biased. */
const STRAYS: Record<string, (biased: number) => number> = {
  equally: () => 0.02,
  "more at more": (biased) => 0.01 + 0.06 * biased,
};

const TRUTHS: [from: number, drop: number][] = [
  [Number.POSITIVE_INFINITY, 0],
  ...[0.05, 0.2, 1].flatMap((from) => [0.05, 0.1, 0.2].map((drop): [number, number] => [from, drop])),
];

/** How often the intervals of threshold and monotone fit hold what is true, in percent (standard error 1 at 95). */
export default async function bench() {
  const rows = [3, 5].flatMap((seeds) =>
    Object.entries(STRAYS).flatMap(([strays, stray]) =>
      TRUTHS.map(([from, drop]) => ({
        seeds,
        strays,
        falls: Number.isFinite(from) ? `by ${100 * drop} points from ${100 * from} %` : "nowhere",
        ...rounded(
          thresholdCoverage(
            { from, drop, seeds, stray },
            { name: `bench/threshold/${seeds}/${strays}/${from}/${drop}`, times: TIMES, draws: DRAWS },
          ),
        ),
      })),
    ),
  );
  return {
    name: `coverage of the threshold's interval and the monotone fit's in ${TIMES} sweeps, percent`,
    rows,
  };
}

function rounded(shares: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, Number(share.toFixed(1))]));
}
