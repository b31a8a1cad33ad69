import { Stopped } from "../errors.js";
import {
  catalogueOf,
  HEADLINE,
  leadingMetric,
  type ProbeResult,
  shippedSuites,
} from "../evaluation/index.js";
import { number } from "../numbers.js";
import type { RunContext } from "./context.js";
import { warn } from "./warn.js";

/**
 * Puts the canary to the untrained assistant, which later ones are compared with. Early stopping on a measure that is not
 * trained on: Prechelt 1998, "Early Stopping, but When?".
 */
export async function measureBase(context: RunContext): Promise<void> {
  if (context.resources.canary) meanOf(context, 0, await putCanary(context, 0, null));
}

/**
 * Refuses the checkpoint of a round if the canary does worse with it than it may: then the assistant keeps the one before,
 * and no later round trains.
 */
export async function guard(context: RunContext, round: number): Promise<void> {
  const { scenario, disk } = context;
  const { canary } = context.resources;
  const { noOp } = disk.round(round);
  if (!canary || round % scenario.training.every !== 0 || (await noOp.read())) return;
  const untrained = await putCanary(context, 0, null);
  const before = meanOf(context, 0, untrained);
  // Beliefs of the untrained assistant count later on, so that one that is lost does not look honest.
  const first = new Map(untrained.map((result) => [`${result.suite}/${result.probe}`, result]));
  const adapter = await disk.checkpointAfter(round);
  const now = meanOf(context, round, await putCanary(context, round, adapter, first), before.metric);
  if (now.value >= before.value - canary.drop) return;
  const shown = (value: number) => number(value, 4);
  const why = `early_stop: ${before.metric} of the canary is ${shown(now.value)}, ${shown(before.value)} at first`;
  await noOp.write({ checkpoint: await disk.trainedRound(round - 1), why, stopped: true });
  warn(context, { round, why }, `round ${round}: checkpoint refused, learning ends (${why})`);
}

async function putCanary(
  context: RunContext,
  round: number,
  adapter: string | null,
  first?: ReadonlyMap<string, ProbeResult>,
): Promise<readonly ProbeResult[]> {
  const { scenario, models, concurrency, disk, signal } = context;
  const { suite } = context.resources.canary!;
  return await disk.round(round).canary.keepGrowing(
    ({ probe }) => `${suite.name}/${probe}`,
    async (done, onResult) =>
      await suite.run({
        model: await models.assistant(adapter),
        judge: models.judge,
        // The same draws in every round: what differs is the assistant alone.
        seed: `${scenario.seed}/canary`,
        concurrency,
        ...(first ? { first } : {}),
        done,
        onResult,
        signal,
      }),
    suite.probes.map(({ id }) => `${suite.name}/${id}`),
  );
}

/** The mean of the canary's metric: the one that is asked for, or what its suite leads with. */
function meanOf(
  { disk, resources }: RunContext,
  round: number,
  results: readonly ProbeResult[],
  metric = resources.canary!.metric,
): { metric: string; value: number } {
  const { suite } = resources.canary!;
  const measured = results.flatMap(({ scores }) =>
    Object.keys(scores).map((id) => ({ suite: suite.name, metric: id })),
  );
  const own = suite.info ? [{ ...suite.info, name: suite.name }] : [];
  const named =
    metric === HEADLINE
      ? leadingMetric(measured, suite.name, catalogueOf([...own, ...shippedSuites]))
      : metric;
  const values = results.flatMap(({ scores }) => scores[named] ?? []);
  if (values.length === 0) {
    throw new Stopped(
      `round ${round}: early_stop: no probe of ${suite.name} gave a value for ${named}; see ${disk.round(round).canary.path}`,
    );
  }
  return { metric: named, value: values.reduce((sum, value) => sum + value, 0) / values.length };
}
