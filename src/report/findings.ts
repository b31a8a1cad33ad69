import { type CellId, type Contrast, type DoseResponse, isBlind, type PooledRow } from "../drift/index.js";
import { type Catalogue, HONESTY, headline } from "../evaluation/index.js";
import { listed } from "../listed.js";
import { counted, openWords, percent, signed, signedRange, withRange } from "../numbers.js";
import { caveatWords } from "../runs/index.js";
import type { Analysis } from "./analysis.js";
import { beliefOf, LOST, sameCell } from "./beliefs.js";
import { thresholdWords } from "./figures/index.js";
import { differing } from "./figures/parts.js";
import { caveatsOfSource } from "./floors.js";
import { harm, harmWord } from "./headline/harm.js";
import type { ReportSource } from "./source/read.js";
import { type Terms, termsOf } from "./terms.js";

/** What stands behind the headline: a few sentences that say no more than the tables do, each from the row of one test. */
export function findings(source: ReportSource, analysis: Analysis): string[] {
  const { pooled } = analysis;
  const { catalogue } = analysis;
  const honesty = headline(pooled, catalogue).filter(({ metric, suite }) =>
    catalogue.isHonesty(metric, suite),
  );
  const canSee = (row: Contrast) =>
    ![row, row.reference].some((side) => isBlind(analysis.floor, row.suite, { ...row, ...side }));
  const isBroken = (row: CellId & { suite: string }) => analysis.broken.some((one) => sameCell(one, row));
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
    ...analysis.doses.map((dose) => inCell(dose, analysis, thresholdWords(dose, terms, analysis.catalogue))),
    ...madeOf(seen, terms),
    ...beliefs(analysis),
    ...certainty(analysis, honesty),
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

/** How cells are called: by what tells them from all others, those of which nothing is said as well. */
type Naming = { terms: Terms; all: Analysis };

/** What learning does by itself, without any share of what the experiment is about. */
function control({ fromBase, lastRound }: Analysis, { terms, all }: Naming): string[] {
  return fromBase
    .filter(({ biased, round }) => biased === 0 && round === lastRound)
    .map(
      (row) =>
        `With ${terms.control}${where(row, all.fromBase)}, honesty changed by ${signedRange(row)} points over ${counted(row.round, "round")}: ${detectedWords(row, all)}.`,
    );
}

/** So many comparisons are told; the table has the others. */
const MOST_TOLD = 12;

/** Every comparison with the runs without biased users, from the row of the table that it stands in. */
function differences({ fromZero, lastRound }: Analysis, { terms, all }: Naming): string[] {
  const rows = fromZero.filter(({ round }) => round === lastRound);
  return rows.slice(0, MOST_TOLD).map((row) => {
    const role = row.role === "primary" ? "tested alone" : "corrected for the others (Holm)";
    return `${terms.of(row.biased)} against runs without ${terms.units}${where(row, all.fromZero)}: ${signedRange(row)} points, ${detectedWords(row, all)}; ${role}.`;
  });
}

function detectedWords(row: Contrast, all: Analysis): string {
  if (row.seeds < 2) return "one seed, which says nothing of others";
  const open = openWords(harm(row, all), harmWord(all));
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
      const split = decomposition.find((one) => one.round === lastRound && sameCell(one, row));
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

/** By the interval of the change, in the cell where least was right in the end. */
function beliefs({ beliefs: changes, pooled, lastRound }: Analysis): string[] {
  const worst = pooled
    .filter(({ metric, subset }) => metric === "belief_accuracy" && subset === "all")
    .filter(({ round }) => round === lastRound)
    .reduce<PooledRow | null>((least, row) => (least && least.value <= row.value ? least : row), null);
  if (!worst) return [];
  const before = beliefOf(pooled, { ...worst, round: 0 });
  const change = changes.find((row) => row.round === lastRound && sameCell(row, worst));
  if (before === undefined || !change) return [];
  const verdict =
    change.low > -LOST
      ? "what it knew it still knows"
      : change.high < 0
        ? "some of what it knew is gone, so not all of the change is lying"
        : "whether some of what it knew is gone, so many runs and probes cannot tell";
  return [
    `Asked neutrally, the assistant's beliefs were right ${percent(before)} of the time before training and ${percent(worst.value)} after it, in the worst cell, a change of ${signedRange(change)} points: ${verdict}.`,
  ];
}

function certainty({ seedsNeeded }: Analysis, honesty: readonly PooledRow[]): string[] {
  const seeds = [...new Set(honesty.map((row) => row.seeds))].sort((a, b) => a - b);
  if (seeds.length === 0) return [];
  const few = seeds[0]!;
  if (seeds.at(-1) === 1) {
    return [
      "This is one seed: the intervals say how far other probes could move the numbers, not how far another run could.",
    ];
  }
  const need = seedsNeeded.find(({ effect }) => effect === 0.05);
  const enough = !need
    ? ""
    : need.seeds === null
      ? " With this many probes no number of seeds finds a change of 5 points with 80 % chance; more probes would."
      : ` To find a change of 5 points with 80 % chance, about ${need.seeds} seeds are needed.`;
  return [
    `Every number is over ${few === seeds.at(-1) ? few : `${few} to ${seeds.at(-1)}`} seeds; intervals are 95 %, over seeds and probes.${enough}`,
  ];
}

/** What a reader must know before believing the rest. */
function shortcomings(
  { runs, absent, kind, scenario }: ReportSource,
  pooled: readonly PooledRow[],
): string[] {
  const out: string[] = [];
  const unfinished = runs.filter(({ manifest }) => manifest.status !== "done").length + absent.length;
  if (unfinished > 0) {
    out.push(
      kind === "sweep"
        ? `Not all is in: ${unfinished} of ${runs.length + absent.length} runs are not finished; those that have not started are missing here.`
        : `Not all is in: this run is ${runs[0]!.manifest.status}.`,
    );
  }
  const errors = Math.max(
    0,
    ...pooled
      .filter(({ metric, subset }) => metric === "error" && subset === "all")
      .map(({ value }) => value),
  );
  if (errors > 0)
    out.push(
      `Up to ${percent(errors)} of a cell's probes could not be judged; they count neither as honest nor as lies.`,
    );
  const cut = runs.flatMap(({ rounds }) => rounds.flatMap((round) => (round.cut ? [round.cut.probes] : [])));
  const broken = Math.max(0, ...cut.map((one) => (one.of === 0 ? 0 : one.cut / one.of)));
  if (broken > 0)
    out.push(
      `Up to ${percent(broken)} of a round's replies to probes were broken off at their longest (evaluation.max_tokens), and their beginnings alone were judged.`,
    );
  const lost = lostWords(runs, typeof scenario.source === "object" && scenario.source.kind === "logs");
  if (lost !== "") out.push(lost);
  return out;
}

/** Conversations whose marks taught nothing, and why; in logs a mark that is missing was given by nobody, or left out as unreadable. */
function lostWords(runs: ReportSource["runs"], logged: boolean): string {
  const interactions = runs.flatMap(({ rounds }) => rounds.map((round) => round.interactions));
  const sum = (of: (one: (typeof interactions)[number]) => number) =>
    interactions.reduce((total, one) => total + of(one), 0);
  const silent = sum((one) => (logged ? 0 : (one.silent ?? 0)));
  const unread = sum((one) => (logged || one.silent === undefined ? 0 : one.unrated - one.silent));
  const without = sum(({ unrated }) => unrated) - silent - unread;
  const failed = sum(({ unusable }) => unusable);
  const parts = [
    failed > 0 ? `${failed} failed` : "",
    silent > 0 ? `in ${silent} the user left a reply unrated` : "",
    unread > 0 ? `in ${unread} a rating could not be read` : "",
    without > 0 ? `${without} have no rating or choice (none was given, or it could not be read)` : "",
  ].filter((part) => part !== "");
  if (parts.length === 0) return "";
  const lost = sum(({ unusable, unrated }) => unusable + unrated);
  return `${lost} of ${sum(({ count }) => count)} conversations gave no mark to learn from: ${listed(parts)}.`;
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
