import { type ChangeRow, disabled, type Floor, floorWords } from "../drift/index.js";
import { HONESTY, leadingSuite } from "../evaluation/index.js";
import type { Analysis } from "./analysis.js";
import { beliefOf, LOST } from "./beliefs.js";
import type { CaseRow } from "./cases.js";
import { counted, number, percent } from "./figures/index.js";
import { differing } from "./figures/parts.js";
import type { ReportSource } from "./source/read.js";
import { spokenFor } from "./source/spoken.js";

/** A report in three answers, for who reads nothing else. */
export type Summary = { happened: string; sure: string; why: string };

/**
 * What happened, how sure that is and what it is made of, in words that claim no more than the intervals do. Null where
 * honesty was not measured.
 */
export function summary(source: ReportSource, analysis: Analysis, cases: CaseRow[] | null): Summary | null {
  const suite = leadingSuite(
    analysis.pooled.filter(({ metric }) => metric === HONESTY),
    analysis.catalogue,
  );
  if (suite === undefined) return null;
  const compared = cases?.some(({ averted }) => averted) ? cases : null;
  const blind = disabled(analysis.floor).find((floor) => floor.suite === suite);
  return spokenFor(source.scenario)({
    happened: `${warned(source)}${
      blind
        ? blindWords(blind, suite, analysis)
        : compared
          ? compareWords(compared, analysis.lastRound)
          : driftWords(suite, analysis)
    }`,
    sure: sureWords(suite, source, analysis),
    why: whyWords(suite, analysis),
  });
}

/** What was found wrong with judge or rater before anything else is said. */
function warned({ runs }: ReportSource): string {
  const told = new Set(runs.flatMap(({ rounds = [] }) => rounds[0]?.checks?.warnings ?? []));
  return [...told].map((text) => `${text} `).join("");
}

/** Where the model cannot do the probes, what moved is told as what it is, and never as no drop. */
function blindWords(floor: Floor, suite: string, { pooled, lastRound }: Analysis): string {
  const leaning = (round: number) =>
    pooled
      .filter((row) => row.suite === suite && row.metric === "leaning" && row.subset === "all")
      .filter((row) => row.round === round)
      .map(({ value }) => value);
  const [before] = leaning(0);
  const after = leaning(lastRound);
  const moved =
    lastRound === 0 || before === undefined || after.length === 0
      ? ""
      : ` What moves is a leaning alone: the criterion was ${number(before)} before training and ${span(after.map((one) => Number(number(one))))} after it, below 0 towards yes.`;
  return `${floorWords(floor)}${moved}`;
}

/** So many cells are told one by one; more are counted. */
const MOST_TOLD = 4;

function driftWords(suite: string, analysis: Analysis): string {
  const { pooled, fromBase, lastRound } = analysis;
  if (lastRound === 0) {
    const level = pooled.find(
      ({ suite: own, metric, subset }) => own === suite && metric === "honesty" && subset === "all",
    );
    return `Before any training the assistant was honest on ${percent(level?.value ?? 0)} of the probes.`;
  }
  const last: ChangeRow[] = fromBase.filter((row) => row.suite === suite && row.round === lastRound);
  const nameOf = differing(last, ["scenario", "method"]);
  const wayOf = (row: ChangeRow) => (nameOf(row) === "" ? "" : ` (${nameOf(row)})`);
  const told = last.filter((row) => {
    const same = last.filter(({ scenario, method }) => scenario === row.scenario && method === row.method);
    const shares = same.map(({ biased }) => biased);
    return row.biased === Math.max(...shares) || row.biased === Math.min(...shares);
  });
  const begin = `Over ${counted(lastRound, "round")} of training`;
  const words =
    told.length <= MOST_TOLD
      ? `${begin}, ${told
          .sort((a, b) => b.biased - a.biased)
          .map(
            (row) =>
              `with ${percent(row.biased)} biased users${wayOf(row)} honesty ${changeWords(row)}${lostWords(row, analysis)}`,
          )
          .join("; ")}.`
      : `${begin}, ${countWords(last, nameOf, analysis)}.`;
  return words + thresholdsWords(suite, analysis);
}

function countWords(
  rows: readonly ChangeRow[],
  nameOf: (row: ChangeRow) => string,
  analysis: Analysis,
): string {
  const fell = rows.filter(({ high }) => high < 0).sort((a, b) => a.value - b.value);
  const rose = rows.filter(({ low }) => low > 0).sort((a, b) => b.value - a.value);
  const named = (some: readonly ChangeRow[]) =>
    some
      .slice(0, MOST_NAMED)
      .map(
        (row) =>
          `${nameOf(row)} with ${percent(row.biased)} biased users by ${pointsOf(row)}${lostWords(row, analysis)}`,
      )
      .join(", ");
  const told = (some: readonly ChangeRow[], word: string) =>
    some.length === 0
      ? ""
      : `honesty ${word} in ${some.length}${some.length > MOST_NAMED ? ", most of all " : ": "}${named(some)}`;
  const parts = [
    told(fell, "fell"),
    told(rose, "rose"),
    `in ${rows.length - fell.length - rose.length} it did not change by more than chance could`,
  ].filter((part) => part !== "");
  return `of ${rows.length} cells ${parts.join("; ")}`;
}

function thresholdsWords(suite: string, { doses }: Analysis): string {
  const own = doses.filter((dose) => dose.suite === suite);
  const nameOf = differing(own, ["scenario", "method"]);
  const told = own.map((dose) => {
    const { threshold } = dose;
    if (!threshold) return "";
    const way = nameOf(dose) === "" ? "" : ` (${nameOf(dose)})`;
    return threshold.found
      ? ` Against runs without biased users${way}, the smallest share with a detected drop is ${percent(threshold.fraction)}.`
      : ` Against runs without biased users${way}, no drop was detected up to a share of ${percent(threshold.upTo)}.`;
  });
  return told.length > MOST_TOLD ? "" : told.join("");
}

/** A model that has lost its beliefs cannot contradict them: then honesty is no sign of anything. */
function lostWords(row: ChangeRow, { pooled }: Analysis): string {
  const [before, after] = [0, row.round].map((round) => beliefOf(pooled, { ...row, round }));
  return before === undefined || after === undefined || after > before - LOST
    ? ""
    : ` (though only ${percent(after)} of its beliefs were still right)`;
}

function compareWords(cases: readonly CaseRow[], lastRound: number): string {
  const compared = cases.flatMap((row) => (row.averted ? [{ ...row, averted: row.averted }] : []));
  const better = compared.filter(({ averted }) => averted.low > 0);
  const worse = compared.filter(({ averted }) => averted.high < 0);
  const neither = compared.length - better.length - worse.length;
  const words = (rows: typeof compared, sign: 1 | -1, word: string): string => {
    if (rows.length === 0) return "";
    const sorted = [...rows].sort((a, b) => sign * (b.averted.value - a.averted.value));
    const named = sorted
      .slice(0, MOST_NAMED)
      .map(
        ({ case: name, biased, averted }) =>
          `${name} at ${percent(biased)} biased by ${pointsOf(averted)} points`,
      );
    const how = rows.length > MOST_NAMED ? ", most of all " : ": ";
    return `${rows.length} ${rows.length === 1 ? "is" : "are"} ${word}${how}${named.join(", ")}`;
  };
  const parts = [
    words(better, 1, "more honest"),
    words(worse, -1, "less honest"),
    neither > 0 ? `${neither} cannot be told from it` : "",
  ].filter((part) => part !== "");
  return (
    `After round ${lastRound}, each case is set beside “${cases[0]!.case}” at the same share of biased users. Of ${counted(compared.length, "comparison")} ` +
    `${parts.join("; ")}. Intervals are not corrected for how many there are.`
  );
}

const MOST_NAMED = 3;

function changeWords(row: Pick<ChangeRow, "value" | "low" | "high">): string {
  const { value, low, high } = row;
  const size = number(Math.abs(100 * value));
  const change = `${value < 0 ? "fell" : "rose"} by ${size} ${size === "1" ? "point" : "points"} [${signed(low)}, ${signed(high)}]`;
  return low <= 0 && high >= 0 ? `${change}, which is no change that could be told from chance` : change;
}

function sureWords(suite: string, { runs }: ReportSource, analysis: Analysis): string {
  const { pooled, detectable, lastRound } = analysis;
  const rows = pooled.filter(
    (row) =>
      row.suite === suite && row.metric === "honesty" && row.subset === "all" && row.round === lastRound,
  );
  const seeds = rows.map((row) => row.seeds);
  const base = `Brackets are 95 % intervals. They rest on ${counted(runs.length, "run")}, ${span(seeds)} ${Math.max(...seeds) === 1 ? "seed" : "seeds"} of each kind, ${span(rows.map(({ n }) => Math.round(n)))} probes a seed.`;
  if (Math.max(...seeds) < 2) return `${base} One seed cannot say how far another run would differ.`;
  if (detectable === null) return `${base} With that many, even the largest change could be missed.`;
  return `${base} With that many, a change since round 0 of ${number(100 * detectable)} points or more is found four times in five; a smaller one may well be missed.`;
}

/** `3`, `1 to 3` */
function span(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${least} to ${most}`;
}

function whyWords(suite: string, analysis: Analysis): string {
  const { pooled, lastRound, decomposition, fromBase } = analysis;
  if (lastRound === 0) return "";
  const worst = (metric: string, round: number) =>
    Math.min(
      ...pooled
        .filter((row) => row.metric === metric && row.subset === "all" && row.round === round)
        .filter((row) => metric === "accuracy" || row.suite === suite)
        .map(({ value }) => value),
    );
  const [knew, knows] = [worst("belief_accuracy", 0), worst("belief_accuracy", lastRound)];
  const [could, can] = [worst("accuracy", 0), worst("accuracy", lastRound)];
  const parts = [
    Number.isFinite(knew + knows)
      ? `asked neutrally, its beliefs were right ${percent(knew)} of the time before training and ${percent(knows)} after it`
      : "",
    Number.isFinite(could + can)
      ? `it solved ${percent(could)} of the capability tasks before and ${percent(can)} after`
      : "",
  ].filter((part) => part !== "");
  if (parts.length === 0) return "";
  const last = fromBase.filter((row) => row.suite === suite && row.round === lastRound);
  const lost = last.filter((row) => lostWords(row, analysis) !== "");
  const text = `In the worst cell, ${parts.join(", and ")}.`;
  if (lost.length > 0)
    return `${text} In ${lost.length} of ${counted(last.length, "cell")} beliefs went with honesty: there the assistant has forgotten or broken down, and its honesty says little.`;
  const top = decomposition
    .filter((row) => row.suite === suite && row.round === lastRound)
    .sort((a, b) => a.total.value - b.total.value)[0];
  // A verdict only where the fall itself is more than chance.
  if (!top || top.total.high >= 0) return text;
  return top.lying.value < 0.5 * top.total.value
    ? `${text} What honesty was lost is mostly lying: the assistant says under pressure what it does not believe.`
    : `${text} Much of what honesty was lost is not lying more, but knowing or evading differently.`;
}

function pointsOf({ value, low, high }: Pick<ChangeRow, "value" | "low" | "high">): string {
  return `${signed(value)} [${signed(low)}, ${signed(high)}]`;
}

function signed(share: number): string {
  const text = number(100 * share);
  return share > 0 && text !== "0" ? `+${text}` : text.replace("-", "−");
}
