import { complaints } from "../complaints.js";
import { type CellId, rangesAbout } from "../drift/index.js";
import { UserError } from "../errors.js";
import { HEADLINE, leadingMetric, leadingSuite } from "../evaluation/index.js";
import { type Analysis, type Measure, measureOf, type Outcome } from "../report/index.js";
import type { Condition } from "../scenario/index.js";
import { nearest } from "../yaml/index.js";
import { type LookedAt, lookedAt, type Only } from "./looked-at.js";
import { notMeasured } from "./not-measured.js";
import { errorsWords, type Missing, missingIn, troublesOf, troublesOfAll } from "./troubles.js";
import type { Finding, GateVerdict, NameCell, Rule, Trouble } from "./types.js";
import { againstWords, sentenceOf } from "./words.js";

export type GateOptions = {
  /** Calls a cell; nothing does if absent. */
  name?: NameCell;
  /** Which cells of a sweep are meant. */
  only?: Only;
  /** What may be the case and yet pass. */
  allow?: readonly Trouble["code"][];
};

const LEVEL = 95;

/**
 * Holds a run or sweep against rules. A condition that must not hold fails where it does in any of the comparisons that it looks
 * at, whose intervals are corrected for their number; one that must hold fails where it does not in any. What passes by these
 * but could not be seen is undecided. Throws a UserError of all metrics that were not measured.
 */
export function evaluateRules(
  rules: readonly Rule[],
  outcome: Pick<Outcome, "source" | "analysis" | "headline">,
  options: GateOptions = {},
): Finding[] {
  const known = new Map<string, Measure>();
  const measure: Measuring = (suite, metric) => {
    const key = JSON.stringify([suite, metric]);
    const found = known.get(key) ?? measureOf(outcome.source, outcome.analysis, { suite, metric });
    known.set(key, found);
    return found;
  };
  const wrong = complaints();
  const findings = rules.flatMap(
    (rule) => wrong.attempt(() => findingsOf(rule, outcome, measure, options)) ?? [],
  );
  wrong.end(outcome.source.folder);
  return findings;
}

type Measuring = (suite: string, metric: string) => Measure;

/** Of all findings together: failed where one is, else undecided where one is. */
export function verdictOf(findings: readonly Pick<Finding, "verdict">[]): GateVerdict {
  for (const verdict of ["failed", "undecided"] as const)
    if (findings.some((one) => one.verdict === verdict)) return verdict;
  return "passed";
}

function findingsOf(
  written: Rule,
  outcome: Pick<Outcome, "source" | "analysis" | "headline">,
  measuring: Measuring,
  { name = () => "", only, allow = [] }: GateOptions,
): Finding[] {
  const { source, analysis } = outcome;
  const rule = { ...written, condition: named(written.condition, analysis) };
  const { condition } = rule;
  if (typeof condition.rounds === "number" && condition.rounds > source.scenario.rounds)
    throw new UserError(`${condition.text}: rounds go to ${source.scenario.rounds}`);
  const suite = suiteOf(condition, analysis);
  const measure = measuring(suite, condition.metric);
  const looked = lookedAt(condition, { measure, analysis, suite, only });
  const ofAll = troublesOfAll(outcome);
  const scale = analysis.catalogue.metric(condition.metric, suite).unbounded ? 1 : 100;
  const facts = { rule, suite, level: condition.level ?? LEVEL, scale };
  if (looked.length === 0) {
    const missing: Trouble = {
      code: "unmeasured",
      words:
        condition.against === "control" && measure.fromZero.length === 0
          ? "there is no control: nothing was played without biased users; without `against control` it is compared with before the training"
          : `what ${condition.text} looks at was not measured`,
    };
    return [unmeasured(facts, [missing, ...ofAll], allow)];
  }
  const ranges = rangesOf(looked, rule, scale);
  return looked.map((one, index): Finding => {
    const missing = missingIn(one, { analysis, suite, metric: condition.metric });
    const numbers = ranges[index]!;
    const holds = isHeld(condition, numbers);
    const troubles = [
      ...troublesOf(one, rule, { analysis, measure, suite }),
      ...(couldTurn(rule, numbers, { missing, scale })
        ? [{ code: "errors" as const, words: errorsWords(missing) }]
        : []),
      ...ofAll,
    ];
    const told = {
      ...facts,
      ...numbers,
      cell: name(one.row),
      axes: one.row.axes,
      against: one.contrast ? againstWords(one.contrast, name) : "",
      round: one.row.round,
      unit: unitOf(condition, scale),
      seeds: one.contrast?.seeds ?? one.value?.seeds ?? 0,
      family: numbers.family,
      holds,
    };
    const fails = rule.kind === "fail_if" ? holds : !holds;
    return finished(told, fails, troubles, allow);
  });
}

type Untold = Omit<Finding, "verdict" | "troubles" | "allowed" | "sentence"> & { scale?: number };

function finished(
  { scale: _scale, ...untold }: Untold,
  fails: boolean,
  found: readonly Trouble[],
  allow: readonly Trouble["code"][],
): Finding {
  const troubles = found.filter(({ code }) => !allow.includes(code));
  const verdict: GateVerdict = fails ? "failed" : troubles.length > 0 ? "undecided" : "passed";
  const allowed = found.filter(({ code }) => allow.includes(code));
  const told = { ...untold, verdict, troubles, allowed };
  return { ...told, sentence: sentenceOf(told) };
}

function unmeasured(
  { rule, suite, level }: Pick<Untold, "rule" | "suite" | "level">,
  troubles: readonly Trouble[],
  allow: readonly Trouble["code"][],
): Finding {
  const none = { value: null, low: null, high: null, seeds: 0, family: 1, round: 0 };
  const nowhere = { cell: "", axes: {}, against: "", unit: "" as const };
  return finished({ rule, suite, level, ...none, ...nowhere, holds: false }, false, troubles, allow);
}

function unitOf({ quantity }: Condition, scale: number): Finding["unit"] {
  return scale === 1 ? "" : quantity === "value" ? "%" : "points";
}

type Numbers = { value: number; low: number; high: number; family: number };

/** Estimates and intervals in the condition's unit and direction. */
function rangesOf(looked: readonly LookedAt[], { kind, condition }: Rule, scale: number): Numbers[] {
  const contrasts = looked.flatMap(({ contrast }) => contrast ?? []);
  if (contrasts.length === 0)
    return looked.map(({ value }) => {
      const { value: at, low, high } = value!;
      return { value: scale * at, low: scale * low, high: scale * high, family: 1 };
    });
  const sign = condition.quantity === "drop" ? -1 : 1;
  const about = { level: (condition.level ?? LEVEL) / 100, limit: (sign * condition.limit) / scale };
  // To show that all keep to a limit each must be shown to; to find one that does not is a search, which is corrected for.
  const isSearch = kind === "fail_if" && condition.level !== null;
  const ranges = isSearch
    ? rangesAbout(contrasts, about)
    : contrasts.flatMap((contrast) => rangesAbout([contrast], about));
  return contrasts.map(({ value }, index) => {
    const ends = [ranges[index]!.low, ranges[index]!.high].map((end) => sign * scale * end + 0);
    return {
      value: sign * scale * value + 0,
      low: Math.min(...ends),
      high: Math.max(...ends),
      family: isSearch ? contrasts.length : 1,
    };
  });
}

function isHeld({ operator, limit, level }: Condition, { value, low, high }: Numbers): boolean {
  const sure = level !== null;
  switch (operator) {
    case ">":
      return (sure ? low : value) > limit;
    case ">=":
      return (sure ? low : value) >= limit;
    case "<":
      return (sure ? high : value) < limit;
    case "<=":
      return (sure ? high : value) <= limit;
  }
}

/** Whether probes that could not be judged could make fail what passes. */
function couldTurn(
  { kind, condition }: Rule,
  numbers: Numbers,
  { missing, scale }: { missing: Missing; scale: number },
): boolean {
  if (missing.share === 0) return false;
  // How far a number of any size could move, nobody can say.
  if (scale === 1) return true;
  const falls = condition.quantity === "drop";
  const up = scale * (falls ? missing.down : missing.up);
  const down = scale * (falls ? missing.up : missing.down);
  const moved = (by: number) => ({
    ...numbers,
    value: numbers.value + by,
    low: numbers.low + by,
    high: numbers.high + by,
  });
  const fails = (at: Numbers) => isHeld(condition, at) === (kind === "fail_if");
  return !fails(numbers) && (fails(moved(up)) || fails(moved(-down)));
}

/** `headline` by the name of what it stands for: what the suite, or the one that leads, is spoken of with. */
function named(condition: Condition, { pooled, catalogue }: Analysis): Condition {
  if (condition.metric !== HEADLINE) return condition;
  const suite = condition.suite ?? leadingSuite(pooled, catalogue) ?? null;
  return { ...condition, suite, metric: leadingMetric(pooled, suite ?? undefined, catalogue) };
}

function suiteOf({ suite, metric }: Condition, { pooled, catalogue }: Analysis): string {
  const having = pooled.filter((row) => row.metric === metric && row.subset === "all");
  const found = suite ?? leadingSuite(having, catalogue) ?? having[0]?.suite;
  if (found !== undefined && having.some((row) => row.suite === found)) return found;
  throw notMeasured({ suite, metric }, { pooled, catalogue });
}

/** The cells that a sweep's axes have values for, as `axis=value` says them. Throws a UserError where none has. */
export function onlyCells(only: readonly string[], cells: readonly CellId[]): Only | undefined {
  if (only.length === 0) return undefined;
  const wanted = only.map((text) => {
    const split = text.indexOf("=");
    if (split < 1) throw new UserError(`--only ${text}: expected axis=value, e.g. case=capped`);
    return [text.slice(0, split), text.slice(split + 1)] as const;
  });
  const isMeant: Only = ({ axes }) => wanted.every(([axis, value]) => String(axes[axis]) === value);
  if (cells.some(isMeant)) return isMeant;
  const pairs = cells.flatMap(({ axes }) =>
    Object.entries(axes).map(([axis, value]) => `${axis}=${String(value)}`),
  );
  const unknown = only.find((text) => !pairs.includes(text));
  const near = unknown === undefined ? null : nearest(unknown, pairs);
  const meant = near === null ? "" : `; did you mean "${near}"?`;
  throw new UserError(
    `--only ${only.join(" --only ")}: no cell has it${meant}; the sweep has ${[...new Set(pairs)].join(", ") || "no axes"}`,
  );
}
