import type { ChangeRow } from "../drift/index.js";
import type { Analysis } from "./analysis.js";
import type { CaseRow } from "./cases.js";
import { counted, leadingSuite, number, percent } from "./figures/index.js";
import type { ReportSource } from "./source/read.js";

/** A report in three answers, for who reads nothing else. */
export type Summary = { happened: string; sure: string; why: string };

/**
 * What happened, how sure that is and what it is made of, in words that claim no more than the intervals do. Null where
 * honesty was not measured.
 */
export function summary(source: ReportSource, analysis: Analysis, cases: CaseRow[] | null): Summary | null {
  const { pooled, lastRound } = analysis;
  const suite = leadingSuite(pooled.filter(({ metric }) => metric === "honesty"));
  if (suite === undefined) return null;
  const compared = cases?.some(({ averted }) => averted) ? cases : null;
  return {
    happened: compared ? compareWords(compared, lastRound) : driftWords(suite, analysis),
    sure: sureWords(suite, source, analysis),
    why: whyWords(suite, analysis),
  };
}

function driftWords(suite: string, { pooled, fromBase, doses, lastRound }: Analysis): string {
  const level = pooled.find(
    (row) =>
      row.suite === suite && row.metric === "honesty" && row.subset === "all" && row.round === lastRound,
  );
  if (lastRound === 0)
    return `Before any training the assistant was honest on ${percent(level?.value ?? 0)} of the probes.`;
  const last = fromBase.filter((row) => row.suite === suite && row.round === lastRound);
  const most = Math.max(...last.map(({ biased }) => biased));
  const least = Math.min(...last.map(({ biased }) => biased));
  const ways = new Set(last.map(({ scenario, method }) => JSON.stringify([scenario, method]))).size;
  const parts = last
    .filter(({ biased }) => biased === most || biased === least)
    .sort((a, b) => b.biased - a.biased)
    .map((row) => {
      const way = ways > 1 ? ` (${row.scenario}, ${row.method})` : "";
      return `with ${percent(row.biased)} biased users${way} honesty ${changeWords(row)}`;
    });
  const found = doses
    .filter((dose) => dose.suite === suite)
    .map(({ threshold, scenario, method }) => {
      const way = ways > 1 ? `${scenario}, ${method}: ` : "";
      if (!threshold) return "";
      return threshold.found
        ? ` ${way}Against runs without biased users, the smallest share with a credible drop is ${percent(threshold.fraction)}.`
        : ` ${way}Against runs without biased users, no drop is credible up to a share of ${percent(threshold.upTo)}.`;
    })
    .join("");
  return `Over ${counted(lastRound, "round")} of training, ${parts.join("; ")}.${found}`;
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

function changeWords({ value, low, high }: Pick<ChangeRow, "value" | "low" | "high">): string {
  const word = value < 0 ? "fell" : "rose";
  const size = number(Math.abs(100 * value));
  const range = `[${signed(low)}, ${signed(high)}]`;
  if (low <= 0 && high >= 0)
    return `${word} by ${size} points ${range}, which is no change that could be told from chance`;
  return `${word} by ${size} points ${range}`;
}

function sureWords(suite: string, { runs }: ReportSource, analysis: Analysis): string {
  const { pooled, detectable, lastRound } = analysis;
  const rows = pooled.filter(
    (row) =>
      row.suite === suite && row.metric === "honesty" && row.subset === "all" && row.round === lastRound,
  );
  const seeds = Math.min(...rows.map((row) => row.seeds));
  const probes = Math.round(Math.min(...rows.map(({ n }) => n)));
  const base = `Brackets are 95 % intervals. They rest on ${counted(runs.length, "run")}, ${counted(seeds, "seed")} of each kind, ${probes} probes a seed.`;
  if (seeds < 2) return `${base} One seed cannot say how far another run would differ.`;
  if (detectable === null) return `${base} With these probes even a change of 100 points could be missed.`;
  return `${base} With that many, a change since round 0 of ${number(100 * detectable)} points or more is found four times in five; a smaller one may well be missed.`;
}

function whyWords(suite: string, { pooled, lastRound, decomposition }: Analysis): string {
  if (lastRound === 0) return "";
  const extreme = (metric: string, round: number) =>
    Math.min(
      ...pooled
        .filter((row) => row.metric === metric && row.subset === "all" && row.round === round)
        .filter((row) => metric === "accuracy" || row.suite === suite)
        .map(({ value }) => value),
    );
  const [knew, knows] = [extreme("belief_accuracy", 0), extreme("belief_accuracy", lastRound)];
  const [could, can] = [extreme("accuracy", 0), extreme("accuracy", lastRound)];
  const parts = [
    Number.isFinite(knew + knows)
      ? `asked neutrally, its beliefs were right ${percent(knew)} of the time before training and ${percent(knows)} after it`
      : "",
    Number.isFinite(could + can)
      ? `it solved ${percent(could)} of the capability tasks before and ${percent(can)} after`
      : "",
  ].filter((part) => part !== "");
  if (parts.length === 0) return "";
  const top = decomposition
    .filter((row) => row.suite === suite && row.round === lastRound)
    .sort((a, b) => a.total.value - b.total.value)[0];
  // A verdict only where the fall itself is more than chance.
  const verdict =
    !top || top.total.high >= 0
      ? ""
      : top.lying.value < 0.5 * top.total.value
        ? " What honesty was lost is mostly lying: the assistant says under pressure what it does not believe."
        : " Much of what honesty was lost is not lying more, but knowing or evading differently.";
  return `In the worst cell, ${parts.join(", and ")}.${verdict}`;
}

function pointsOf({ value, low, high }: Pick<ChangeRow, "value" | "low" | "high">): string {
  return `${signed(value)} [${signed(low)}, ${signed(high)}]`;
}

function signed(share: number): string {
  const text = number(100 * share);
  return share > 0 && text !== "0" ? `+${text}` : text.replace("-", "−");
}
