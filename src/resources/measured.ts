import { HEADLINE, nameOf, type Suite, type SuiteInfo, shippedCatalogue } from "../evaluation/index.js";
import { type Field, parseCondition, refusal, type Scenario } from "../scenario/index.js";
import { didYouMean } from "../yaml/index.js";

type Asked = { suite: string | undefined; metric: string; at: Field; condition?: string };

/**
 * Finds a slip in what is declared of the results while nothing has been played: the metric of `drift.primary`, and those that a
 * gate names with their suite. Throws a UserError. Results of other programs are imported later, so a gate's condition without a
 * suite, or on one that nobody here knows, is left to `candor check-drift`.
 */
export function requireMeasured(
  { drift, gate }: Scenario,
  suites: readonly Suite[],
  scenarioPath: string,
): void {
  const { suite, metric } = drift.primary ?? {};
  const asked: Asked[] = [
    ...(metric === undefined
      ? []
      : [{ suite, metric, at: { scenarioPath, field: ["drift", "primary", "metric"] } }]),
    ...(["fail_if", "fail_unless"] as const).flatMap((kind) =>
      (gate?.[kind] ?? []).flatMap((text, index) => {
        const read = parseCondition(text);
        const at = { scenarioPath, field: ["gate", kind, index] };
        return read?.suite ? [{ suite: read.suite, metric: read.metric, at, condition: text }] : [];
      }),
    ),
  ];
  for (const one of asked) {
    const known = measuredBy(suites, one.suite);
    const meant = known ? unknownMetric(one.metric, known) : null;
    if (meant === null) continue;
    const by = one.suite === undefined ? "no suite here has a metric" : `suite ${one.suite} has no metric`;
    const told = one.condition === undefined ? "" : `${one.condition}: `;
    throw refusal(one.at, `${told}${by} "${one.metric}"${meant}`);
  }
}

/** What may be meant by an id that none of these metrics has, as the end of a message; null where one has it, or it stands for one. */
export function unknownMetric(metric: string, metrics: SuiteInfo["metrics"]): string | null {
  const known = metrics.map(({ id }) => id);
  if (metric === HEADLINE || known.includes(metric)) return null;
  const called = metrics.find((one) => nameOf(one) === metric.toLowerCase());
  return called ? `; it is written ${called.id}` : didYouMean(metric, [HEADLINE, ...known]);
}

/** A suite's metrics, or of all suites'; null where one does not say what it measures, or where the suite is not known. */
function measuredBy(suites: readonly Suite[], suite: string | undefined): SuiteInfo["metrics"] | null {
  const isMeant = ({ name }: { name: string }) => suite === undefined || name === suite;
  const infos = suites.filter(isMeant).map(({ info }) => info);
  // What is measured beside the scenario's suites (talks, a look inside) is described like them.
  const all = [...infos, ...shippedCatalogue.suites.filter(isMeant)];
  const said = all.flatMap((info) => (info ? [info] : []));
  if (said.length === 0 || said.length < all.length) return null;
  return [...new Map(said.flatMap(({ metrics }) => metrics.map((one) => [one.id, one]))).values()];
}
