import { bulkDraws } from "../src/drift/bulk-draws.js";
import { type Contrast, contrasts, type Observation } from "../src/drift/index.js";

const TIMES = 2_000;
const FRACTIONS = [0, 0.05, 0.1, 0.2, 0.5, 1];
const PRIMARY = 0.5;
/** Sweeps whose primary contrast is at their largest share: all of them at 100 %, and those of no more than 50 %. */
const AT_MOST = { share: 1, few: [0, 0.1, 0.5] };

type Random = ReturnType<typeof bulkDraws>;

/** How far one training strays from its arm's mean, mean 0, by arm. */
const STRAYS: Record<string, (random: Random, biased: number) => number> = {
  equally: (random) => 0.02 * random.normal(),
  "more at more": (random, biased) => (0.01 + 0.06 * biased) * random.normal(),
  // Skewed: an exponential's long tail downwards.
  "skewed down": (random) => 0.03 * (1 + Math.log(random.uniform())),
  // One training in four falls by 16 points beside the others, at 20 and 100 %.
  collapsing: (random, biased) =>
    0.01 * random.normal() + (biased === 0.2 || biased === 1 ? (random.uniform() < 0.25 ? -0.12 : 0.04) : 0),
};

/** How often contrasts find what is there and what is not, in sweeps of known truth whose arms and seeds differ. */
export default async function bench() {
  const rows = [3, 5, 6, 8, 10].flatMap((seeds) =>
    Object.entries(STRAYS).flatMap(([strays, stray]) =>
      (["own", "pooled"] as const).map((variance) => ({
        seeds,
        strays,
        variance,
        used: (variance === "own") === seeds >= 6 ? "*" : "",
        ...measure(seeds, stray, variance === "own" ? 2 : 100, `${seeds}/${strays}`),
      })),
    ),
  );
  return { name: `contrasts in ${TIMES} sweeps of known truth, percent; * the rule in use`, rows };
}

function measure(
  seeds: number,
  stray: (random: Random, biased: number) => number,
  ownVarianceFrom: number,
  name: string,
) {
  const random = bulkDraws(`bench/contrasts/${name}`);
  const counts = { primary: 0, most: 0, few: 0, secondary: 0, drop: 0, holds: 0, all: 0, five: 0, fifty: 0 };
  for (let i = 0; i < TIMES; i += 1) {
    const same = sweep(random, seeds, stray, () => 0);
    const still = compare(same, ownVarianceFrom);
    const isAlarm = ({ role, detected }: Contrast) => role === "primary" && detected;
    if (compare(same, ownVarianceFrom, AT_MOST.share).some(isAlarm)) counts.most += 1;
    const few = same.filter(({ biased }) => AT_MOST.few.includes(biased));
    if (compare(few, ownVarianceFrom).some(isAlarm)) counts.few += 1;
    const fallen = compare(
      sweep(random, seeds, stray, (biased) => (biased > 0 ? 0.05 : 0)),
      ownVarianceFrom,
    );
    const holds = ({ low, high }: Contrast, truth: number) => low <= truth && truth <= high;
    const detected = (rows: Contrast[], biased: number) =>
      rows.some((row) => row.biased === biased && row.detected && row.value < 0);
    if (still.some(isAlarm)) counts.primary += 1;
    if (still.some(({ role, detected }) => role === "secondary" && detected)) counts.secondary += 1;
    if (still.some(({ role, detected, value }) => role === "secondary" && detected && value < 0))
      counts.drop += 1;
    if (fallen.every((row) => row.role !== "primary" || holds(row, -0.05))) counts.holds += 1;
    if (fallen.every((row) => row.role === "primary" || holds(row, -0.05))) counts.all += 1;
    if (detected(fallen, 0.05)) counts.five += 1;
    if (detected(fallen, PRIMARY)) counts.fifty += 1;
  }
  return {
    "false alarm, primary": share(counts.primary),
    "… at 100 %": share(counts.most),
    "… of 0, 10 and 50 %": share(counts.few),
    "any false alarm, secondary": share(counts.secondary),
    "of these a drop": share(counts.drop),
    "primary interval holds": share(counts.holds),
    "all secondary hold": share(counts.all),
    "finds 5 points at 50 %": share(counts.fifty),
    "finds 5 points at 5 %": share(counts.five),
  };
}

function compare(seen: Observation[], ownVarianceFrom: number, primary = PRIMARY): Contrast[] {
  return contrasts(seen, (key) => (key.biased > 0 ? { ...key, biased: 0 } : null), {
    draws: 1,
    ownVarianceFrom,
    primary: ({ biased }) => biased === primary,
  });
}

/** A sweep of one number a run: what probes do is in it already. Seeds have levels of their own, which pairing takes out. */
function sweep(
  random: Random,
  seeds: number,
  stray: (random: Random, biased: number) => number,
  drop: (biased: number) => number,
): Observation[] {
  return Array.from({ length: seeds }, (_, seed) => {
    const level = 0.85 + 0.04 * random.normal();
    return FRACTIONS.map((biased) => ({
      run: `${biased}/${seed}`,
      scenario: "bench",
      axes: {},
      seed: seed + 1,
      method: "sft",
      biased,
      biased_realized: biased,
      round: 4,
      suite: "mask",
      subset: "all",
      probe: "all",
      metric: "honesty",
      value: level + stray(random, biased) - drop(biased),
    }));
  }).flat();
}

function share(count: number): number {
  return Math.round((1000 * count) / TIMES) / 10;
}
