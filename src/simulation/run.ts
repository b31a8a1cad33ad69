import type { Observation } from "../drift/types.js";
import type { Scenario } from "../scenario/index.js";
import { type PrepareOptions, prepare } from "./cast.js";
import type { RunContext } from "./context.js";
import { readObservations, writeDrift } from "./drift.js";
import type { OnEvent } from "./events.js";
import { makeFolder, runPaths } from "./folder.js";
import { lockFolder } from "./lock.js";
import { openLog } from "./log.js";
import { claimFolder, setStatus } from "./manifest.js";
import { playBase, playRound } from "./round.js";

export type RunOptions = PrepareOptions & {
  /** The run's folder; made if missing, gone on from if it holds an interrupted run of the same scenario and seed. */
  folder: string;
  onEvent?: OnEvent;
  /** Aborting stops the run at the next step; the folder can be gone on from. */
  signal?: AbortSignal;
};

/** Every probe of every evaluated round. */
export type RunResult = { folder: string; observations: Observation[] };

/**
 * Runs a scenario: the untrained assistant is evaluated, then each round draws users, lets them talk and rate, selects
 * preference data, trains the assistant on it and evaluates it again. Everything is on disk as soon as it is known, and the
 * result of an interrupted and resumed run is the same, byte for byte. Throws a UserError on a bad scenario before anything is
 * written, and the signal's reason when interrupted.
 */
export async function run(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const { folder, signal } = options;
  const cast = await prepare(scenario, options);
  const paths = runPaths(folder);
  await makeFolder(folder);
  const unlock = await lockFolder(folder);
  const log = openLog(paths.log);
  try {
    const resumed = await claimFolder(paths, cast);
    options.onEvent?.({ type: "start", folder, rounds: scenario.rounds, resumed });
    log.info({ resumed, rounds: scenario.rounds, seed: scenario.seed }, "run started");
    const observations = await playAll({ cast, paths, log, onEvent: options.onEvent ?? (() => {}), signal });
    await setStatus(paths, "done");
    log.info("run done");
    options.onEvent?.({ type: "end", folder });
    return { folder, observations };
  } catch (error) {
    const interrupted = signal?.aborted === true;
    log.error({ err: error }, interrupted ? "run interrupted" : "run failed");
    await setStatus(paths, interrupted ? "interrupted" : "failed").catch(() => {});
    throw error;
  } finally {
    await unlock();
  }
}

async function playAll(context: RunContext): Promise<Observation[]> {
  await playBase(context);
  for (let round = 1; round <= context.cast.scenario.rounds; round += 1) await playRound(context, round);
  const observations = await readObservations(context.paths.folder, context.cast);
  await writeDrift(context.paths.folder, observations);
  return observations;
}
