import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../src/runs/index.js";
import { loadScenario } from "../src/scenario/index.js";
import { queueExecutor } from "../src/sweep/index.js";
import { jobsOf } from "../src/sweep/jobs.js";
import { candor } from "../test/sweep/cells.js";
import { worldOfFew } from "../test/sweep/few.js";
import { hasRedis, startRedis } from "../test/sweep/redis.js";

const CELLS = 100;
const TURNS = 5;

/**
 * What the queue takes for a cell, with a real redis-server and one worker: cells that the worker refuses at once, as they
 * have names that candor does not give, go all the way there and back, and nothing is played. (The difference between played
 * cells with and without a queue is smaller than what a shared machine adds and takes.)
 */
export default async function bench() {
  if (!hasRedis) return { name: "queue overhead: skipped, there is no redis-server here", rows: [] };
  const world = worldOfFew("bench-queue");
  const folder = join(world, "sweep");
  await makeFolder(folder);
  const { scenario, path } = loadScenario(join(world, "cells.yaml"));
  const [job] = jobsOf(scenario, folder, path);
  const jobs = Array.from({ length: CELLS }, (_, index) => ({ ...job!, hash: `refused-${index}` }));
  const redis = await startRedis();
  const url = `redis://127.0.0.1:${redis.port}`;
  const worker = candor(world, ["worker", "--queue", url, "--workers", "1"]);
  const turns: number[][] = [];
  try {
    await worker.says(/waiting for cells/);
    for (let turn = 0; turn < TURNS; turn += 1) {
      const ends = [performance.now()];
      const onOutcome = (): void => void ends.push(performance.now());
      await queueExecutor(url)(jobs, { folder, onEvent: () => {}, onOutcome });
      turns.push(ends.slice(1).map((end, index) => end - ends[index]!));
    }
  } finally {
    worker.kill("SIGKILL");
    await worker.ended;
    await redis.stop();
    rmSync(world, { recursive: true, force: true });
  }
  const mean = turns.flat().reduce((sum, time) => sum + time, 0) / (TURNS * CELLS);
  return {
    name: `queue overhead: ${mean.toFixed(1)} ms a cell, connecting and filling the queue included (${TURNS} x ${CELLS} cells)`,
    rows: turns.map(([first, ...others]) => ({
      "first cell, ms": Math.round(first!),
      "others, ms each, median": at(0.5, others),
      "nine of ten below, ms": at(0.9, others),
    })),
  };
}

/** The value below which that share of them lies, in tenths. */
function at(share: number, values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(10 * sorted[Math.floor(share * sorted.length)]!) / 10;
}
