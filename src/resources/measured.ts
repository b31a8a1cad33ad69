import { complaints } from "../complaints.js";
import {
  HEADLINE,
  nameOf,
  type Suite,
  type SuiteInfo,
  shippedCatalogue,
  suiteKinds,
} from "../evaluation/index.js";
import { type Condition, type Field, parseCondition, refusal, type Scenario } from "../scenario/index.js";
import { shownPath } from "../shown-path.js";
import { didYouMean, nearest } from "../yaml/index.js";

/**
 * Finds slips in what is declared of the results while nothing has been played: the metric of `drift.primary`, and in a gate's conditions
 * metrics, suites and rounds. `suites` are those of all that is played, of every cell of a sweep. Results of other programs are
 * imported later: a condition names their suite, and one that nobody here knows is left to `candor check-drift`. Throws an InputError of all
 * of them.
 */
export function requireMeasured(scenario: Scenario, suites: Iterable<Suite>, scenarioPath: string): void {
  const played = playedBy(new Set(suites));
  const wrong = complaints();
  const refuse = (at: Omit<Field, "scenarioPath">, what: string | null): void => {
    if (what !== null) wrong.keep(refusal({ scenarioPath, ...at }, what));
  };
  const { drift, gate } = scenario;
  if (drift.primary?.metric !== undefined)
    refuse(
      { field: ["drift", "primary", "metric"] },
      unmeasured(drift.primary, drift.primary.metric, played),
    );
  for (const kind of ["fail_if", "fail_unless"] as const)
    for (const [index, text] of (gate?.[kind] ?? []).entries()) {
      const condition = parseCondition(text);
      const what = condition && slipOf(condition, played, scenario);
      refuse({ field: ["gate", kind, index], value: text }, what && `${condition.text}: ${what}`);
    }
  wrong.end(shownPath(scenarioPath));
}

/** `requireMeasured` of a run by itself, unless its file's sweep has other suites: then a cell of it may measure what is declared. */
export function requireMeasuredAlone(
  scenario: Scenario,
  suites: Iterable<Suite>,
  scenarioPath: string,
): void {
  const { vary, cases = {} } = scenario.sweep;
  const fields = [...Object.keys(vary), ...Object.values(cases).flatMap((sets) => Object.keys(sets))];
  if (fields.every((field) => field.split(".")[0] !== "evaluation"))
    requireMeasured(scenario, suites, scenarioPath);
}

/** Metrics by suite; null of one that does not say what it measures. */
type Played = ReadonlyMap<string, SuiteInfo["metrics"] | null>;

/** What suites measure, and what is measured beside them (talks, a look inside), which is described like them. */
function playedBy(suites: ReadonlySet<Suite>): Played {
  const played = new Map<string, SuiteInfo["metrics"] | null>();
  for (const { name, info } of [...suites, ...BESIDE.map((info) => ({ name: info.name, info }))]) {
    const before = played.get(name);
    played.set(name, before === null || !info ? null : [...(before ?? []), ...info.metrics]);
  }
  return played;
}

const BESIDE = shippedCatalogue.suites.filter(({ name }) => suiteKinds.every((kind) => kind.name !== name));

function slipOf(condition: Condition, played: Played, { rounds }: Scenario): string | null {
  if (typeof condition.rounds === "number" && condition.rounds > rounds) return `rounds go to ${rounds}`;
  const { suite, metric } = condition;
  return unmeasured({ suite: suite ?? undefined }, metric, played);
}

/** What is wrong with a metric, of a suite or of any; null where it is measured, or may be. */
function unmeasured(
  { suite }: { suite?: string | undefined },
  metric: string,
  played: Played,
): string | null {
  if (suite !== undefined && !played.has(suite)) return strangeSuite(suite, metric, played);
  const all = suite === undefined ? [...played.values()] : [played.get(suite)!];
  if (all.includes(null)) return null;
  const metrics = all.flatMap((one) => one ?? []);
  const meant = unknownMetric(metric, metrics);
  if (meant === null) return null;
  return suite === undefined
    ? `no suite here has a metric "${metric}"${meant}; of results that are imported later write the suite too, such as arc_easy/acc`
    : `suite ${suite} has no metric "${metric}"${meant}`;
}

/**
 * A suite that is not played may be imported later, under any name. It is a slip where the name is nearly that of a played one, or
 * that of one that ships, and the metric is one of its own.
 */
function strangeSuite(suite: string, metric: string, played: Played): string | null {
  const shipped = shippedCatalogue.suites.find(({ name }) => name === suite);
  const near = nearest(suite, [...played.keys()]);
  const metrics = shipped?.metrics ?? (near === null ? null : played.get(near));
  const isOwn = (metrics ?? []).some(({ id }) => id === metric) || (metric === HEADLINE && metrics);
  if (!isOwn) return null;
  return `no suite "${suite}" is played${didYouMean(suite, [...played.keys()])}`;
}

/** What may be meant by an id that none of these metrics has, as the end of a message; null where one has it, or it stands for one. */
export function unknownMetric(metric: string, metrics: SuiteInfo["metrics"]): string | null {
  const known = [...new Set(metrics.map(({ id }) => id))];
  if (metric === HEADLINE || known.includes(metric)) return null;
  const called = metrics.find((one) => nameOf(one) === metric.toLowerCase());
  return called ? `; it is written ${called.id}` : didYouMean(metric, [HEADLINE, ...known]);
}
