import type { ProbeResult } from "../evaluation/index.js";
import { checkpointAfter, keepGrowing, readStandstill, standStill, trainedRound } from "../runs/index.js";
import type { RunContext } from "./context.js";

/**
 * Puts the canary to the untrained assistant, which later ones are compared with. Early stopping on a measure that is not
 * trained on: Prechelt 1998, "Early Stopping, but When?".
 */
export async function measureBase(context: RunContext): Promise<void> {
  if (context.resources.canary) await measure(context, 0, null);
}

/**
 * Refuses the checkpoint of a round if the canary does worse with it than it may: then the assistant keeps the one before,
 * and no later round trains.
 */
export async function guard(context: RunContext, round: number): Promise<void> {
  const { scenario, paths, log } = context;
  const { canary } = context.resources;
  if (!canary || round % scenario.training.every !== 0 || readStandstill(paths, round)) return;
  const before = await measure(context, 0, null);
  const now = await measure(context, round, checkpointAfter(context, paths, round));
  if (now >= before - canary.drop) return;
  const shown = (value: number) => Number(value.toFixed(4));
  const why = `early_stop: ${canary.metric} of the canary is ${shown(now)}, ${shown(before)} at first`;
  await standStill(paths, round, {
    checkpoint: trainedRound(context, paths, round - 1),
    why,
    stopped: true,
  });
  log.warn({ round, why }, "checkpoint refused, learning ends");
}

async function measure(context: RunContext, round: number, adapter: string | null): Promise<number> {
  const { scenario, models, concurrency, paths, signal } = context;
  const { suite, metric } = context.resources.canary!;
  const results = await keepGrowing<ProbeResult>(
    paths.round(round).canary,
    ({ probe }) => `${suite.name}/${probe}`,
    async (done, onResult) =>
      await suite.run({
        model: await models.assistant(adapter),
        judge: models.judge,
        // The same draws in every round: what differs is the assistant alone.
        seed: `${scenario.seed}/canary`,
        concurrency,
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
