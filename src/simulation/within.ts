import { type ProbeResult, summarise } from "../evaluation/index.js";
import type { RoundSummary } from "../runs/index.js";
import type { TrainingReport } from "../training/types.js";
import type { RunContext } from "./context.js";
import { insideIds, lookInside } from "./disposition.js";
import { firstResults } from "./evaluate.js";

/**
 * Puts the probes of the cheap evaluation to the model as it was after every so many steps of a round's training, and looks into it where
 * the evaluation does. Absent where no such points are taken, or the round has too few steps for one.
 */
export async function evaluateWithin(
  context: RunContext,
  round: number,
  training: TrainingReport | null,
): Promise<Pick<RoundSummary, "within">> {
  const { scenario, resources, models, concurrency, disk, signal } = context;
  const { within: suite } = resources;
  const { saved: points = [], steps } = training ?? {};
  if (!suite || !steps || points.length === 0) return {};
  const first = await firstResults(disk);
  const results = await disk.round(round).within.keepGrowing(
    ({ step, suite: name, probe }) => `${step}/${name}/${probe}`,
    async (done, add) => {
      const all: (ProbeResult & { step: number })[] = [];
      for (const step of points) {
        const before = [...done.values()].filter((one) => one.step === step);
        const known = new Map(before.map((one) => [`${one.suite}/${one.probe}`, one]));
        const model = await models.assistant(disk.paths.step(round, step));
        const own = await suite.run({
          model,
          judge: models.judge,
          // The same draws as in every evaluation: what differs is the assistant alone.
          seed: `${scenario.seed}/evaluation`,
          concurrency,
          first,
          done: known,
          onResult: (result) => add({ ...result, step }),
          signal,
        });
        const inside = await lookInside(context, model, own);
        for (const result of inside)
          if (!known.has(`${result.suite}/${result.probe}`)) await add({ ...result, step });
        all.push(...[...own, ...inside].map((result) => ({ ...result, step })));
      }
      return all;
    },
    points.flatMap((step) =>
      [...suite.probes.map(({ id }) => `${suite.name}/${id}`), ...insideIds(context, suite)].map(
        (id) => `${step}/${id}`,
      ),
    ),
  );
  return {
    within: points.map((step) => ({
      step,
      steps,
      metrics: summarise(results.filter((one) => one.step === step)),
    })),
  };
}
