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
 * with one worker of a real redis-server, in turns. Includes connecting, filling the queue and looking at the results.
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
    const rows: Record<string, number>[] = [];
    for (let turn = 1; turn <= TURNS; turn += 1) {
      const local = await play(oneAfterAnother(kept), folder, jobs);
      const queued = await play(queueExecutor(url), folder, jobs);
      rows.push({ turn, "local, ms a cell": local, "queue, ms a cell": queued, "more, ms": queued - local });
    }
    const more = rows.map((row) => row["more, ms"]!).sort((a, b) => a - b);
    return {
      name: `queue overhead: ${more[Math.floor(TURNS / 2)]!.toFixed(1)} ms a cell (median of ${TURNS} turns of ${CELLS} cells, ${more[0]!.toFixed(1)} to ${more.at(-1)!.toFixed(1)})`,
      rows: rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Math.round(10 * value) / 10])),
      ),
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

/** Milliseconds a cell. */
async function play(executor: Executor, folder: string, jobs: readonly Job[]): Promise<number> {
  const begun = performance.now();
  await executor(jobs, {
    folder,
    onEvent: () => {},
    onOutcome: (outcome) => {
      if (outcome.status === "failed") throw new Error(outcome.error);
    },
  });
  return (performance.now() - begun) / jobs.length;
}
