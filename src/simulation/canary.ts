import { type ProbeResult, type Suite, suiteNamed } from "../evaluation/index.js";
import { checkpointAfter, keepGrowing, readStandstill, standStill, trainedRound } from "../runs/index.js";
import { type DefenceSettings, type Scenario, shownPath } from "../scenario/index.js";
import type { RunContext } from "./context.js";
import { probesFile } from "./probes-file.js";

type Settings = Extract<DefenceSettings, { kind: "early_stop" }>;

/** Probes that decide whether a checkpoint is taken over. */
export type Canary = { suite: Suite; metric: string; drop: number };

/** The canary of a scenario; null if it has none. Throws a UserError on a suite or subset that does not exist. */
export function openCanary(scenario: Scenario, scenarioPath: string): Canary | null {
  const settings = scenario.preference.defences.find((one): one is Settings => one.kind === "early_stop");
  if (!settings) return null;
  const { suite, subsets, probes, metric, drop } = settings;
  const kind = suiteNamed(suite, `${shownPath(scenarioPath)} preference.defences: early_stop: `);
  const { temperature, max_tokens } = scenario.evaluation;
  const file = probesFile(suite, scenario, scenarioPath);
  return { suite: kind.open({ file, subsets, probes, temperature, maxTokens: max_tokens }), metric, drop };
}

/**
 * Puts the canary to the untrained assistant, which later ones are compared with. Early stopping on a measure that is not
 * trained on: Prechelt 1998, "Early Stopping, but When?".
 */
export async function measureBase(context: RunContext): Promise<void> {
  if (context.cast.canary) await measure(context, 0, null);
}

/**
 * Refuses the checkpoint of a round if the canary does worse with it than it may: then the assistant keeps the one before,
 * and no later round trains.
 */
export async function guard(context: RunContext, round: number): Promise<void> {
  const { cast, paths, log } = context;
  const { canary } = cast;
  if (!canary || round % cast.scenario.training.every !== 0 || readStandstill(paths, round)) return;
  const before = await measure(context, 0, null);
  const now = await measure(context, round, checkpointAfter(cast, paths, round));
  if (now >= before - canary.drop) return;
  const shown = (value: number) => Number(value.toFixed(4));
  const why = `early_stop: ${canary.metric} of the canary is ${shown(now)}, ${shown(before)} at first`;
  await standStill(paths, round, {
    checkpoint: trainedRound(cast, paths, round - 1),
    why,
    stopped: true,
  });
  log.warn({ round, why }, "checkpoint refused, learning ends");
}

async function measure(context: RunContext, round: number, adapter: string | null): Promise<number> {
  const { cast, paths, signal } = context;
  const { suite, metric } = cast.canary!;
  const results = await keepGrowing<ProbeResult>(
    paths.round(round).canary,
    ({ probe }) => `${suite.name}/${probe}`,
    async (done, onResult) =>
      await suite.run({
        model: await cast.assistant(adapter),
        judge: cast.judge,
        // The same draws in every round: what differs is the assistant alone.
        seed: `${cast.scenario.seed}/canary`,
        concurrency: cast.concurrency,
        done,
        onResult,
        signal,
      }),
  );
  const values = results.flatMap(({ scores }) => scores[metric] ?? []);
  if (values.length === 0) {
    throw new Error(
      `round ${round}: early_stop: no probe of ${suite.name} gave a value for ${metric}; see ${paths.round(round).canary}`,
    );
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
