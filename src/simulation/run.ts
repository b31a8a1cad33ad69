import { setMaxListeners } from "node:events";
import type { Observation } from "../drift/types.js";
import type { RateLimiter } from "../models/index.js";
import { Owner } from "../owner.js";
import { NOTHING } from "../permissions/index.js";
import { requireMeasuredAlone } from "../resources/index.js";
import {
  anewWords,
  begunOtherwise,
  claimFolder,
  clearRun,
  type GivenOptions,
  type Log,
  lockFolder,
  makeFolder,
  mayBeginAnew,
  openLog,
  openRunFolder,
  readObservations,
  runBefore,
  setStatus,
  usageStore,
  writeCommand,
  writeDrift,
  writeWithin,
} from "../runs/index.js";
import { requirePermitted, type Scenario, withMinnow } from "../scenario/index.js";
import { removeDrafts } from "../whole/index.js";
import type { BaseResults } from "./base-results.js";
import type { RunContext } from "./context.js";
import type { OnEvent, Spent } from "./events.js";
import { playBase, playRound } from "./round.js";
import { type SetUpOptions, setUp } from "./setup.js";
import { trafficOf } from "./traffic.js";

export type RunOptions = SetUpOptions & {
  /** The run's folder; made if missing, gone on from if it holds an interrupted run of the same scenario and seed. */
  folder: string;
  /** Folder whose runs spend from one budget with this one: the cells of a sweep. */
  sharedFolder?: string;
  /** Shared with other runs that ask the same servers. */
  rateLimiter?: RateLimiter;
  onEvent?: OnEvent;
  /** Plays it anew where it was begun with other contents of what the scenario names; what it holds is deleted. */
  anew?: boolean;
  /** What `candor run` was given beside the scenario, which is kept to say how the run is gone on with; no command did if absent. */
  given?: GivenOptions;
  /** Aborting stops the run at the next step; the folder can be gone on from. */
  signal?: AbortSignal;
  /** Shared with other runs of this process: what one found at round 0 is not asked again by another that would ask the same. */
  baseResults?: BaseResults;
};

/** Every probe of every evaluated round. */
export type RunResult = { folder: string; observations: Observation[] };

/**
 * Runs a scenario: the untrained assistant is evaluated, then each round draws users, lets them talk and rate, selects
 * preference data, trains the assistant on it and evaluates it again. Everything is on disk as soon as it is known, and the
 * result of an interrupted and resumed run is the same, byte for byte. Throws a UserError on a bad scenario before anything is
 * written, and the signal's reason when interrupted.
 */
export async function run(written: Scenario, options: RunOptions): Promise<RunResult> {
  const scenario = withMinnow(written);
  const { folder, baseResults, scenarioPath, given } = options;
  const isCell = options.sharedFolder !== undefined;
  requirePermitted(scenario, scenarioPath, options.permissions ?? NOTHING);
  const lost = new AbortController();
  let log: Log | undefined;
  const traffic = await trafficOf(scenario, {
    ...options,
    notice: (text) => {
      log?.warn(text);
      onEvent({ type: "notice", text });
    },
  });
  const onEvent = withSpent(options.onEvent ?? (() => {}), traffic.spent);
  const signals = [lost.signal, traffic.signal, ...(options.signal ? [options.signal] : [])];
  const signal = AbortSignal.any(signals);
  // Every call listens to it while it runs; many are no leak.
  setMaxListeners(0, signal);
  await using owner = new Owner();
  const setup = await setUp(scenario, { ...options, traffic }, owner);
  // What is declared of a sweep's results any of its cells may measure.
  if (!isCell) requireMeasuredAlone(scenario, setup.resources.suites, scenarioPath);
  const disk = openRunFolder(folder, setup);
  const { paths } = disk;
  await makeFolder(folder);
  const lose = () => lost.abort(new Error(`${folder}: another machine took over`));
  owner.own(await lockFolder(folder, lose), (unlock) => unlock());
  // Before the lock goes: what was used is still written down.
  owner.own(traffic, () => traffic.close());
  const { inputs, biased } = setup.resources;
  const claim = { scenario, hash: setup.hash, inputs, biased };
  const before = await runBefore(paths, claim);
  const changed = before?.changed ?? [];
  if (changed.length > 0) {
    const { manifest } = before!;
    if (!options.anew && !mayBeginAnew(paths, manifest))
      throw begunOtherwise([{ folder, changed, isDone: manifest.status === "done" }], "run");
    await clearRun(paths);
  }
  const resumed = before !== undefined && changed.length === 0;
  if (resumed) {
    await disk.recover();
    await removeDrafts(folder);
    // Before anything is written: what is damaged stays as it was found.
    await disk.verify();
  }
  await claimFolder(paths, claim);
  if (given) await writeCommand(folder, { scenarioPath, given });
  await traffic.logUsage(usageStore(folder, isCell));
  onEvent({ type: "start", folder, rounds: scenario.rounds, resumed });
  if (changed.length > 0) onEvent({ type: "notice", text: anewWords(changed) });
  log = openLog(paths.log);
  const observations = await supervise({
    ...setup,
    disk,
    log,
    onEvent,
    signal,
    baseResults,
  });
  onEvent({ type: "end", folder });
  return { folder, observations };
}

/** Progress also says what has been used; nothing where every model is embedded. */
function withSpent(onEvent: OnEvent, spent: () => Spent | undefined): OnEvent {
  return (event) => {
    if (event.type !== "progress" && event.type !== "round") return onEvent(event);
    const used = spent();
    onEvent(used ? { ...event, spent: used } : event);
  };
}

/** Plays all rounds and keeps the log and the status in `run.json` true, however that ends. */
async function supervise(context: RunContext): Promise<Observation[]> {
  const { scenario, disk, log, signal } = context;
  const { paths } = disk;
  log.info({ seed: scenario.seed, rounds: scenario.rounds }, "run started");
  for (const { why, rows, first } of context.resources.logs?.reading.left_out ?? [])
    log.warn({ rows, first }, `logged rows left out: ${why}`);
  try {
    const observations = await playAll(context);
    await setStatus(paths, "done");
    log.info("run done");
    return observations;
  } catch (error) {
    const interrupted = signal?.aborted === true;
    // On a full disk neither can be written; the error itself matters more.
    try {
      log.error({ err: error }, interrupted ? "run interrupted" : "run failed");
    } catch {}
    await setStatus(paths, interrupted ? "interrupted" : "failed").catch(() => {});
    throw error;
  }
}

async function playAll(context: RunContext): Promise<Observation[]> {
  await playBase(context);
  for (let round = 1; round <= context.scenario.rounds; round += 1) await playRound(context, round);
  const { scenario, resources, disk } = context;
  const { biased } = resources;
  const observations = await readObservations(disk.folder, { scenario, biased, complete: true });
  await writeDrift(disk.folder, observations);
  await writeWithin(disk.folder, { scenario, biased });
  return observations;
}
