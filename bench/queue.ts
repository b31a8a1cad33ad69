import { rmSync } from "node:fs";
import { join } from "node:path";
import { ownPace } from "../src/chat/index.js";
import { loadScenario } from "../src/scenario/index.js";
import { makeFolder } from "../src/simulation/index.js";
import { type Executor, type Job, localExecutor, queueExecutor } from "../src/sweep/index.js";
import { jobsOf } from "../src/sweep/jobs.js";
import { playIn, startProcess, type WorkerProcess } from "../src/sweep/process.js";
import { candor } from "../test/sweep/cells.js";
import { worldOfFew } from "../test/sweep/few.js";
import { hasRedis, startRedis } from "../test/sweep/redis.js";

const CELLS = 40;
const TURNS = 7;

/**
 * What the queue adds to a cell: the same cells, done already so that little else is left to do, with one local process and
 * with one worker of a real redis-server, in turns. From the times between one cell's end and the next, medians and lowest
 * tenths, as a busy machine stretches some of them; what a sweep needs to connect and to fill the queue stands beside them.
 */
export default async function bench() {
  if (!hasRedis) return { name: "queue overhead: skipped, there is no redis-server here", rows: [] };
  const world = worldOfFew("bench-queue");
  const folder = join(world, "sweep");
  await makeFolder(folder);
  const { scenario, path } = loadScenario(join(world, "cells.yaml"), [`sweep.seeds=${CELLS}`, "rounds=1"]);
  const jobs = jobsOf(scenario, folder, path);
  await play(localExecutor(2), folder, jobs);
  const kept = startProcess();
  const redis = await startRedis();
  const url = `redis://127.0.0.1:${redis.port}`;
  const worker = candor(world, ["worker", "--queue", url, "--workers", "1"]);
  try {
    await worker.says(/waiting for cells/);
    // Starts the worker's process, which it keeps, and warms both up.
    await play(queueExecutor(url), folder, jobs);
    await play(oneAfterAnother(kept), folder, jobs);
    const [local, queue]: [Played[], Played[]] = [[], []];
    for (let turn = 0; turn < TURNS; turn += 1) {
      local.push(await play(oneAfterAnother(kept), folder, jobs));
      queue.push(await play(queueExecutor(url), folder, jobs));
    }
    const more = (share: number): string => {
      const [here, queued] = [local, queue].map((turns) =>
        at(
          share,
          turns.flatMap(({ cells }) => cells),
        ),
      );
      return (queued! - here!).toFixed(1);
    };
    const start =
      at(
        0.5,
        queue.map(({ first }) => first),
      ) -
      at(
        0.5,
        local.map(({ first }) => first),
      );
    return {
      name: `queue overhead: ${more(0.5)} ms a cell by medians, ${more(0.1)} by the lowest tenths (${TURNS} turns of ${CELLS} cells), and ${start.toFixed(0)} ms once`,
      rows: local.map(({ cells }, turn) => ({
        turn: turn + 1,
        "local, ms a cell": Math.round(10 * at(0.5, cells)) / 10,
        "queue, ms a cell": Math.round(10 * at(0.5, queue[turn]!.cells)) / 10,
      })),
    };
  } finally {
    kept.disconnect();
    worker.kill("SIGKILL");
    await worker.ended;
    await redis.stop();
    rmSync(world, { recursive: true, force: true });
  }
}

/** What a local sweep does with one process, but for starting it. */
const oneAfterAnother =
  (process: WorkerProcess): Executor =>
  async (jobs, hooks) => {
    for (const job of jobs) hooks.onOutcome(await playIn(process, job, { ...hooks, pace: ownPace() }));
  };

/** Milliseconds to the first cell's end, and from each one's end to the next. */
type Played = { first: number; cells: number[] };

async function play(executor: Executor, folder: string, jobs: readonly Job[]): Promise<Played> {
  let last = performance.now();
  const times: number[] = [];
  await executor(jobs, {
    folder,
    onEvent: () => {},
    onOutcome: (outcome) => {
      if (outcome.status === "failed") throw new Error(outcome.error);
      times.push(performance.now() - last);
      last = performance.now();
    },
  });
  const [first, ...cells] = times;
  return { first: first!, cells };
}

/** The value below which that share of them lies. */
function at(share: number, values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * sorted.length)]!;
}
