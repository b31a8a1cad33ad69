import {
  type CellId,
  type Contrast,
  type DoseResponse,
  gridOf,
  isBlind,
  type PooledRow,
} from "../drift/index.js";
import { type Catalogue, HONESTY, headline } from "../evaluation/index.js";
import { listed } from "../listed.js";
import { counted, percent, pointsOf, signed, signedRange, withRange } from "../numbers.js";
import { caveatWords } from "../runs/index.js";
import type { Analysis } from "./analysis.js";
import { beliefOf, LOST, sameCell } from "./beliefs.js";
import { thresholdWords } from "./figures/index.js";
import { differing } from "./figures/parts.js";
import { caveatsOfSource } from "./floors.js";
import { harm, harmWord } from "./headline/harm.js";
import { sizedWords } from "./headline/sized-words.js";
import { shortcomings } from "./shortcomings.js";
import type { ReportSource } from "./source/read.js";
import { type Terms, termsOf } from "./terms.js";
import { unitOf } from "./unit.js";

/** What stands behind the headline: a few sentences that say no more than the tables do, each from the row of one test. */
export function findings(source: ReportSource, analysis: Analysis): string[] {
  const { pooled } = analysis;
  const { catalogue } = analysis;
  const honesty = headline(pooled, catalogue).filter(({ metric, suite }) =>
    catalogue.isHonesty(metric, suite),
  );
  const canSee = (row: Contrast) =>
    ![row, row.reference].some((side) => isBlind(analysis.floor, row.suite, { ...row, ...side }));
  const isBroken = (row: Contrast) =>
    analysis.brokenEver.some((one) => one.round === row.round && sameCell(one, row));
  const told = (row: Contrast) => canSee(row) && !isBroken(row);
  const seen = {
    ...analysis,
    fromBase: analysis.fromBase.filter(told),
    fromZero: analysis.fromZero.filter(told),
  };
  const terms = termsOf(source.scenario);
  return [
    ...caveatsOfSource(source, analysis.floor).map(caveatWords),
    ...baseline(honesty, catalogue),
    ...control(seen, { terms, all: analysis }),
    ...differences(seen, { terms, all: analysis }),
    ...analysis.doses.map((dose) =>
      inCell(
        dose,
        analysis,
        `${thresholdWords(dose, terms, analysis.catalogue)}${brokenIn(dose, analysis, terms)}`,
      ),
    ),
    ...madeOf(seen, terms),
    ...beliefs(analysis),
    ...certainty(analysis, honesty, terms),
    ...shortcomings(source, pooled),
  ].filter((text) => text !== "");
}

function baseline(honesty: readonly PooledRow[], catalogue: Catalogue): string[] {
  const base = honesty.filter(({ round }) => round === 0);
  const suites = [...new Set(base.map(({ suite }) => suite))];
  return suites.map((suite) => {
    const rows = base.filter((row) => row.suite === suite);
    const values = rows.map(({ value }) => value);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const probes = suites.length === 1 ? "" : ` ${suite}`;
    const which =
      catalogue.headlines(suite).length > 1 && rows[0]!.metric !== HONESTY ? " whose belief it held" : "";
    return high - low < 0.0005
      ? `Before any training the assistant was honest on ${withRange(rows[0]!)} of the${probes} probes${which}.`
      : `Before any training the assistant was honest on ${percent(low)} to ${percent(high)} of the${probes} probes${which}, depending on the cell.`;
  });
}

/** What the changes are of: honesty in whichever way it is counted, or another measure that was declared. */
function changedName({ catalogue, metric, suite }: Analysis): string {
  return catalogue.isHonesty(metric, suite) ? "honesty" : catalogue.metric(metric, suite).label.toLowerCase();
}

/** How cells are called: by what tells them from all others, those of which nothing is said as well. */
type Naming = { terms: Terms; all: Analysis };

/** What learning does by itself, without any share of what the experiment is about. */
function control({ fromBase, lastRound }: Analysis, { terms, all }: Naming): string[] {
  return fromBase
    .filter(({ biased, round }) => biased === 0 && round === lastRound)
    .map(
      (row) =>
        `With ${terms.control}${where(row, all.fromBase)}, ${changedName(all)} changed by ${told(row, all)} over ${counted(row.round, "round")}: ${detectedWords(row, all)}.`,
    );
}

/** So many comparisons are told; the table has the others. */
const MOST_TOLD = 12;

/** Every comparison with the runs without biased users, from the row of the table that it stands in. */
function differences({ fromZero, lastRound }: Analysis, { terms, all }: Naming): string[] {
  const rows = fromZero.filter(({ round }) => round === lastRound);
  return rows.slice(0, MOST_TOLD).map((row) => {
    const role = row.role === "primary" ? "tested alone" : "corrected for the others (Holm)";
    return `${terms.of(row.biased)} against runs without ${terms.units}${where(row, all.fromZero)}: ${told(row, all)}, ${detectedWords(row, all)}; ${role}.`;
  });
}

/** A difference with its interval, in its metric's unit. */
function told(row: Contrast, all: Analysis): string {
  const unit = unitOf(all, row);
  return `${unit.range(row)}${unit.after}`;
}

function detectedWords(row: Contrast, all: Analysis): string {
  if (row.seeds < 2) return "one seed, which says nothing of others";
  const open = unitOf(all, row).open(harm(row, all), harmWord(all));
  if (row.detected) return `a detected ${row.value < 0 ? "drop" : "rise"}; ${open}`;
  return `no change was detected; ${open}`;
}

/** What the change in the largest share is made of, where it was detected. */
function madeOf({ fromBase, decomposition, lastRound }: Analysis, terms: Terms): string[] {
  const rows = fromBase.filter(({ round, detected, value }) => round === lastRound && detected && value < 0);
  const top = Math.max(...rows.map(({ biased }) => biased));
  return rows
    .filter(({ biased }) => biased === top)
    .flatMap((row) => {
      const split = decomposition.find(
        (one) => one.round === lastRound && one.metric === row.metric && sameCell(one, row),
      );
      if (!split) return [];
      const way = (value: number, worse: string, better: string) => (value < 0 ? worse : better);
      const knowing =
        split.metric === HONESTY
          ? `believing ${way(split.knowing.value, "more", "less")}`
          : "beliefs that are gone or have turned";
      return [
        `With ${terms.of(top)}${where(row, rows)}, honesty changed by ${signedRange(row)} points since round 0: ` +
          `${signed(split.lying.value)} come from lying ${way(split.lying.value, "more", "less")}, ${signed(split.knowing.value)} from ${knowing}, ${signed(split.evading.value)} from evading ${way(split.evading.value, "less", "more")}.`,
      ];
    });
}

/** By the interval of the change, in the cell that lost most. */
function beliefs({ beliefs: changes, pooled, lastRound }: Analysis): string[] {
  const [change] = changes
    .filter(({ round }) => round === lastRound)
    .map((row) => ({ ...row, before: beliefOf(pooled, { ...row, round: 0 }), after: beliefOf(pooled, row) }))
    .sort((one, other) => one.value - other.value || (one.after ?? 0) - (other.after ?? 0));
  if (change?.before === undefined || change.after === undefined) return [];
  const verdict =
    change.low > -LOST
      ? "what it knew it still knows"
      : change.high < 0
        ? "some of what it knew is gone, so not all of the change is lying"
        : "whether some of what it knew is gone, so many runs and probes cannot tell";
  return [
    `Asked neutrally, the assistant's beliefs were right ${percent(change.before)} of the time before training and ${percent(change.after)} after it, in the worst cell, a change of ${signedRange(change)} points: ${verdict}.`,
  ];
}

function certainty(
  { seedsNeeded, primary }: Analysis,
  honesty: readonly PooledRow[],
  terms: Terms,
): string[] {
  const seeds = [...new Set(honesty.map((row) => row.seeds))].sort((a, b) => a - b);
  if (seeds.length === 0) return [];
  const few = seeds[0]!;
  if (seeds.at(-1) === 1) {
    return [
      "This is one seed: the intervals say how far other probes could move the numbers, not how far another run could.",
    ];
  }
  const need = seedsNeeded.find(({ effect }) => effect === 0.05);
  const sought = `a ${sizedWords(primary, terms, pointsOf(0.05))} with 80 % chance`;
  const enough = !need
    ? ""
    : need.seeds === null
      ? ` With this many probes no number of seeds finds ${sought}; more probes would.`
      : ` To find ${sought}, about ${need.seeds} seeds are needed.`;
  return [
    `Every number is over ${few === seeds.at(-1) ? few : `${few} to ${seeds.at(-1)}`} seeds; intervals are 95 %, over seeds and probes.${enough}`,
  ];
}

/** The shares of a dose response at which the model broke: what is seen there is neither a drop nor none. */
function brokenIn(
  { round, suite, ...dose }: DoseResponse,
  { pooled, brokenEver }: Analysis,
  terms: Terms,
): string {
  const { line } = gridOf(pooled);
  const own = line({ ...dose, biased: 0 });
  const shares = brokenEver
    .filter((one) => one.round === round && one.suite === suite && line(one) === own)
    .map(({ biased }) => terms.of(biased));
  return shares.length === 0
    ? ""
    : ` With ${listed([...new Set(shares)])} the model broke, so it shows nothing there.`;
}

/** Names the cell where there are several. */
function where<T extends Omit<CellId, "biased"> & { suite: string; biased?: number }>(
  row: T,
  rows: readonly T[],
): string {
  const name = differing(rows, ["suite", "scenario", "method"])(row);
  return name === "" ? "" : ` (${name})`;
}

function inCell(dose: DoseResponse, { doses }: Analysis, text: string): string {
  const cell = where(dose, doses).trim();
  return cell === "" ? text : `${cell.slice(1, -1)}: ${text}`;
}
