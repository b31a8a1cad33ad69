import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Queue } from "bullmq";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OutsideFailed } from "../../src/errors.js";
import { makeFolder } from "../../src/runs/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { type Job, type JobOutcome, queueExecutor, serveQueue } from "../../src/sweep/index.js";
import { jobsOf } from "../../src/sweep/jobs.js";
import { QUEUE, type QueuedJob } from "../../src/sweep/queue/protocol.js";
import { until } from "../until.js";
import { newWorld } from "./cells.js";
import { hasRedis, type RedisServer, startRedis } from "./redis.js";

// What a sweep does beside waiting for its cells may fail as well. A promise that nobody waits for would end the process, with
// words of Node's; vitest fails on one too.

describe.skipIf(!hasRedis)(
  `cells that leave the queue unheard${hasRedis ? "" : " (needs redis-server)"}`,
  () => {
    let server: RedisServer;
    beforeAll(async () => {
      server = await startRedis();
    });
    afterAll(async () => {
      await server.stop();
    });

    /** Queues the two cells of a world, loses them once both wait (as a server does that forgets), and looks for them often. */
    async function lose(
      hooks: { onOutcome?: (outcome: JobOutcome) => void },
      before: (jobs: readonly Job[]) => Promise<void> = async () => {},
    ) {
      const world = newWorld("queue-lost");
      const folder = join(world, "sweep");
      await makeFolder(folder);
      const { scenario, path } = loadScenario(join(world, "cells.yaml"));
      const jobs = jobsOf(scenario, folder, path);
      await before(jobs);
      const queue = new Queue<QueuedJob>(QUEUE, { connection: { host: "127.0.0.1", port: server.port } });
      const outcomes: JobOutcome[] = [];
      let forgetting = Promise.resolve();
      const forget = (): void => {
        forgetting = queue.obliterate({ force: true });
      };
      try {
        const executor = queueExecutor(`redis://127.0.0.1:${server.port}`, forget, { look: 20 });
        const onOutcome = (outcome: JobOutcome): void => void outcomes.push(outcome);
        await executor(jobs, { folder, onEvent: () => {}, onOutcome, ...hooks });
      } finally {
        await forgetting;
        await queue.close();
      }
      return { jobs, outcomes };
    }

    it("tells of each; one whose folder is damaged is named by its file, and ends nothing else", async () => {
      let damaged = "";
      const { jobs, outcomes } = await lose({}, async ([first]) => {
        await makeFolder(first!.folder);
        damaged = join(first!.folder, "run.json");
        writeFileSync(damaged, "null");
      });
      const errorOf = (job: Job) => outcomes.find(({ hash }) => hash === job.hash);
      expect(outcomes).toHaveLength(2);
      expect(errorOf(jobs[0]!)).toMatchObject({
        status: "failed",
        error: expect.stringContaining(`it left the queue without a result: ${damaged}`),
      });
      expect(errorOf(jobs[1]!)).toMatchObject({ error: "it left the queue without a result" });
    });

    it("ends the sweep with the reason where it cannot be told", async () => {
      const full = new Error("no space left on the device");
      const onOutcome = (): never => {
        throw full;
      };
      await expect(lose({ onOutcome })).rejects.toBe(full);
    });

    it("a server whose memory is full is told once by a worker, which asks it now and then, and ends the sweep in words", async () => {
      const full = await startRedis("--maxmemory", "1mb");
      const url = `redis://127.0.0.1:${full.port}`;
      const world = newWorld("queue-full");
      const folder = join(world, "sweep");
      await makeFolder(folder);
      const { scenario, path } = loadScenario(join(world, "cells.yaml"));
      const controller = new AbortController();
      const told: string[] = [];
      const onNotice = (text: string): void => void told.push(text);
      const out = join(world, "worker");
      const serving = serveQueue(url, { workers: 1, out, signal: controller.signal, onNotice });
      try {
        const isFull = (text: string): boolean => text.includes("memory is full");
        await until(() => told.some(isFull));
        const hooks = { folder, onEvent: () => {}, onOutcome: () => {} };
        await expect(queueExecutor(url)(jobsOf(scenario, folder, path), hooks)).rejects.toThrow(
          new OutsideFailed(
            `--queue ${url}: the server's memory is full, and it takes nothing more (maxmemory); give it more`,
          ),
        );
        expect(told.filter(isFull)).toHaveLength(1);
      } finally {
        controller.abort();
        await serving;
        await full.stop();
      }
    });
  },
);
