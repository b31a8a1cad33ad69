import { Stopped } from "../errors.js";
import type { ProbeResult } from "../evaluation/index.js";
import type { RunFolder } from "../runs/index.js";
import { baseKey } from "./base-key.js";
import type { RunContext } from "./context.js";
import { dispositionIds, lookInside } from "./disposition.js";

/** Whether a scenario evaluates after a round: before the first, after the last, and every so many. */
export function isEvaluated(
  scenario: { rounds: number; evaluation: { every: number } },
  round: number,
): boolean {
  return round === scenario.rounds || round % scenario.evaluation.every === 0;
}

/** Puts every suite's probes to the assistant as it is after a round; nothing in rounds without evaluation. */
export async function evaluate(context: RunContext, round: number): Promise<readonly ProbeResult[]> {
  const { scenario, models, concurrency, disk, log, onEvent, signal } = context;
  const { suites } = context.resources;
  if (!isEvaluated(scenario, round)) return [];
  const { probes } = disk.round(round);
  const first = round === 0 ? undefined : await firstResults(disk);
  const key = round === 0 && context.baseResults ? baseKey(context) : null;
  const known = key === null ? undefined : context.baseResults?.of(key);
  const results = await probes.keepGrowing(
    ({ suite, probe }) => `${suite}/${probe}`,
    async (done, add) => {
      if (known) {
        for (const result of known) if (!done.has(`${result.suite}/${result.probe}`)) await add(result);
        return known;
      }
      const model = await models.assistant(await disk.checkpointAfter(round));
      const total = suites.reduce((sum, suite) => sum + suite.probes.length, 0);
      let put = done.size;
      const evaluated: ProbeResult[] = [];
      for (const suite of suites) {
        const results = await suite.run({
          model,
          judge: models.judge,
          // The same draws in every round: what differs between rounds is the assistant alone.
          seed: `${scenario.seed}/evaluation`,
          concurrency,
          ...(first ? { first } : {}),
          done,
          onResult: async (result) => {
            if (result.error !== null)
              log.warn({ round, probe: result.probe, error: result.error }, "probe failed");
            await add(result);
            put += 1;
            onEvent({ type: "progress", round, stage: "evaluation", done: put, total });
          },
          signal,
        });
        evaluated.push(...results);
      }
      const inside = await lookInside(context, model, evaluated);
      for (const result of inside) if (!done.has(`${result.suite}/${result.probe}`)) await add(result);
      return [...evaluated, ...inside];
    },
    [
      ...suites.flatMap(({ name, probes }) => probes.map(({ id }) => `${name}/${id}`)),
      ...dispositionIds(context),
    ],
  );
  const failed = results.find(({ error }) => error === null) ? undefined : results[0];
  if (failed) {
    throw new Stopped(
      `round ${round}: all ${results.length} probes failed; the first: ${failed.error}. See ${probes.path}; delete it to try again`,
    );
  }
  if (key !== null && results.every(({ error }) => error === null))
    context.baseResults?.remember(key, results);
  return results;
}

/** What the evaluation of the untrained assistant found, by `suite/probe`. */
export async function firstResults(disk: RunFolder): Promise<ReadonlyMap<string, ProbeResult>> {
  const results = (await disk.round(0).probes.read()) ?? [];
  return new Map(results.map((result) => [`${result.suite}/${result.probe}`, result]));
}
