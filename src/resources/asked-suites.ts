import { type Suite, type SuiteSettings, suiteNamed } from "../evaluation/index.js";
import type { Permissions } from "../permissions/index.js";
import { type CanarySettings, stageOf } from "../preference/stages/index.js";
import { longestProbeReply, ofField, ownSuiteFields, refusal, type Scenario } from "../scenario/index.js";
import { unknownMetric } from "./measured.js";
import { probesFile, type SuiteRequest } from "./probes.js";

type Origin = { scenarioPath: string; permissions: Permissions };

/** What a suite alone knows of its settings. */
function optionsOf(entry: Scenario["evaluation"]["suites"][string] | undefined): SuiteSettings["options"] {
  if (entry === undefined) return undefined;
  return entry.module === undefined ? ownSuiteFields(entry) : entry.options;
}

/** A suite that the scenario asks for. */
export type Asked = { request: SuiteRequest };

/** The suites of the evaluation, each to be looked for by itself: what one lacks keeps nothing of the others back. */
export function suitesOf(scenario: Scenario, origin: Origin): (() => Promise<Asked>)[] {
  const { evaluation } = scenario;
  return Object.entries(evaluation.suites).map(([name, entry]) => async () => {
    const { probes, subsets, split, temperature, max_tokens } = entry;
    const settings = {
      probes,
      subsets,
      split,
      options: optionsOf(entry),
      temperature: temperature ?? evaluation.temperature,
      maxTokens: max_tokens ?? longestProbeReply(scenario),
    };
    return await asked(name, settings, scenario, { ...origin, field: ["evaluation", "suites", name] });
  });
}

async function asked(
  name: string,
  settings: Omit<SuiteSettings, "file">,
  scenario: Scenario,
  { scenarioPath, permissions, field }: Origin & Pick<SuiteRequest, "field">,
): Promise<Asked> {
  const { module, file: named } = scenario.evaluation.suites[name] ?? {};
  // A slip in the name, not the missing probes that follow from it.
  if (module === undefined) await ofField({ scenarioPath, field, at: "key" }, () => suiteNamed(name));
  const file = await probesFile(name, scenario, { scenarioPath, field, permissions });
  return { request: { name, module, scenarioPath, field, named, settings: { ...settings, file } } };
}

/** The suite that is put to the model within a round; null where none is. */
export async function withinOf(scenario: Scenario, origin: Origin): Promise<Asked | null> {
  const { training, evaluation } = scenario;
  if (training.save_steps === undefined) return null;
  const { suite, subsets, probes } = evaluation.within ?? { suite: "mask", subsets: undefined, probes: 16 };
  const { temperature } = evaluation;
  const field = ["evaluation", "within"];
  const options = optionsOf(evaluation.suites[suite]);
  const settings = { subsets, probes, options, temperature, maxTokens: longestProbeReply(scenario) };
  return await asked(suite, settings, scenario, { ...origin, field });
}

/** The suite that decides whether a checkpoint is taken over; null where none does. */
export async function canaryOf(
  scenario: Scenario,
  origin: Origin,
): Promise<(Asked & Pick<CanarySettings, "metric" | "drop">) | null> {
  const found = scenario.preference.defences.flatMap((one, index) => {
    const canary = stageOf(one.kind).canary?.(one);
    return canary ? [{ index, ...canary }] : [];
  })[0];
  if (!found) return null;
  const { index, suite, subsets, probes, metric, drop } = found;
  const { temperature } = scenario.evaluation;
  const field = ["preference", "defences", index];
  // Measured as the evaluation measures that suite, where it does.
  const options = optionsOf(scenario.evaluation.suites[suite]);
  const settings = { subsets, probes, options, temperature, maxTokens: longestProbeReply(scenario) };
  return { ...(await asked(suite, settings, scenario, { ...origin, field })), metric, drop };
}

/** The suite of a canary. Throws a UserError where it has no such metric: the canary would have nothing to compare. */
export function withMetric(
  suite: Suite,
  { metric, request }: { metric: string; request: Pick<SuiteRequest, "scenarioPath" | "field"> },
): Suite {
  const meant = suite.info ? unknownMetric(metric, suite.info.metrics) : null;
  if (meant === null) return suite;
  const { scenarioPath, field } = request;
  throw refusal(
    { scenarioPath, field: [...field, "metric"] },
    `${suite.name} has no metric "${metric}"${meant}`,
  );
}
