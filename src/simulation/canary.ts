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
  const { scenario, disk, log } = context;
  const { canary } = context.resources;
  const { noOp } = disk.round(round);
  if (!canary || round % scenario.training.every !== 0 || (await noOp.read())) return;
  const before = await measure(context, 0, null);
  const now = await measure(context, round, await disk.checkpointAfter(round));
  if (now >= before - canary.drop) return;
  const shown = (value: number) => Number(value.toFixed(4));
  const why = `early_stop: ${canary.metric} of the canary is ${shown(now)}, ${shown(before)} at first`;
  await noOp.write({ checkpoint: await disk.trainedRound(round - 1), why, stopped: true });
  log.warn({ round, why }, "checkpoint refused, learning ends");
}

async function measure(context: RunContext, round: number, adapter: string | null): Promise<number> {
  const { scenario, models, concurrency, disk, signal } = context;
  const { canary } = disk.round(round);
  const { suite, metric } = context.resources.canary!;
  const results = await canary.keepGrowing(
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
    suite.probes.map(({ id }) => `${suite.name}/${id}`),
  );
  const values = results.flatMap(({ scores }) => scores[metric] ?? []);
  if (values.length === 0) {
    throw new Error(
      `round ${round}: early_stop: no probe of ${suite.name} gave a value for ${metric}; see ${canary.path}`,
    );
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
