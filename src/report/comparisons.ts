import { type Contrast, contrasts, type Observation } from "../drift/index.js";
import { isCell, type Primary } from "./headline/primary.js";

/** What one measure is compared in. */
export type Comparisons = {
  /** Changes since round 0, and differences to the cells at 0 %, over all probes; the last round first. */
  fromBase: Contrast[];
  fromZero: Contrast[];
  /** The comparison that the experiment is for; null where there is none. */
  told: Contrast | null;
};

/** Every comparison of one measure; `seen` are its observations, over all probes. */
export function comparisonsOf(
  seen: readonly Observation[],
  { primary, suite, round }: { primary: Primary | null; suite: string | undefined; round: number },
): Comparisons {
  const isTold = (key: { suite: string; round: number }) => key.suite === suite && key.round === round;
  const isOnly = new Set(seen.map(nameOf)).size === 1;
  const fromBase = contrasts(seen, (key) => (key.round > 0 ? { ...key, round: 0 } : null), {
    primary: (key) => !primary && isOnly && isTold(key),
  });
  const zero = zeroOf(seen);
  const isZero = primary !== null && nameOf(zero({ ...primary.treated })) === nameOf(primary.reference);
  const fromZero = contrasts(
    seen.filter((one) => one.round > 0),
    (key) => (key.biased > 0 ? { ...key, ...zero(key) } : null),
    { primary: (key) => isZero && isCell(key, primary.treated) && isTold(key) },
  );
  const other =
    primary && !isZero
      ? contrasts(
          seen,
          (key) => (isCell(key, primary.treated) && isTold(key) ? { ...key, ...primary.reference } : null),
          { primary: () => true },
        )
      : [];
  const told = [...fromZero, ...fromBase, ...other].find(({ role }) => role === "primary") ?? null;
  return { fromBase: fromLast(fromBase), fromZero: fromLast(fromZero), told };
}

type CellId = { scenario: string; method: string; biased: number };

/**
 * The cell at 0 % that a cell is compared with. With `source: direct` variants are cells of names of their own, and what
 * subtle and severe answers are compared with are the right answers to the same prompts.
 */
function zeroOf(seen: readonly Observation[]): (cell: CellId) => CellId {
  const controls = new Set(seen.filter(({ biased }) => biased === 0).map(({ scenario }) => scenario));
  return ({ scenario, method }) => ({
    method,
    biased: 0,
    scenario: controls.has(scenario)
      ? scenario
      : scenario.replace(/source\.variant=\w+/u, "source.variant=normal"),
  });
}

function nameOf({ scenario, method, biased }: CellId): string {
  return JSON.stringify([scenario, method, biased]);
}

/** A reader looks at one round, mostly the last, and compares fractions in it. */
function fromLast(rows: readonly Contrast[]): Contrast[] {
  return [...rows].sort((a, b) => b.round - a.round);
}
