import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Queue, QueueEvents } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageBuild, packageVersion } from "../../src/package-root.js";
import { loadScenario } from "../../src/scenario/index.js";
import { queueExecutor, serveQueue } from "../../src/sweep/index.js";
import { jobsOf } from "../../src/sweep/jobs.js";
import { QUEUE, type QueuedJob } from "../../src/sweep/queue/protocol.js";
import { until } from "../until.js";
import { candor, driftIn, newWorld, type Started, sweepIn } from "./cells.js";
import { executorContract } from "./executor-contract.js";
import { hasRedis, type RedisServer, startRedis } from "./redis.js";
import { isAlive, stopping, wake, whenStopped } from "./stopped.js";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const PASSWORD = "planted-s3cret";

describe.skipIf(!hasRedis)(`queue executor${hasRedis ? "" : " (needs redis-server)"}`, () => {
  let server: RedisServer;
  let url: string;
  beforeAll(async () => {
    server = await startRedis("--requirepass", PASSWORD);
    url = `redis://:${PASSWORD}@127.0.0.1:${server.port}`;
  });
  afterAll(async () => {
    await server.stop();
  });

  describe("as every executor", () => {
    const controller = new AbortController();
    let serving: Promise<void>;
    beforeAll(() => {
      const out = newWorld("queue-out");
      serving = serveQueue(url, { workers: 2, out, signal: controller.signal });
    });
    afterAll(async () => {
      controller.abort();
      await serving;
    });
    executorContract(() => queueExecutor(url));
  });

  type Loose = { job: Record<string, unknown> } & Record<string, unknown>;
  it.each<[string, (data: Loose) => unknown, RegExp?]>([
    [
      "a cell of other code of this version",
      (data) => ({ ...data, candor: `${packageVersion()}+0123abcd` }),
      /the sweep is of candor .*\+0123abcd, this worker of .*\+[0-9a-f]{8}: use the same/,
    ],
    ["a sweep's name that leads out", (data) => ({ ...data, sweep: "../../../evil" })],
    [
      "a cell's name that leads out",
      ({ job, ...data }) => ({ ...data, job: { ...job, hash: "../../../evil" } }),
    ],
    ["no cell", ({ job: _job, ...data }) => data],
    ["a cell that is null", (data) => ({ ...data, job: null })],
    ["no scenario", ({ job, ...data }) => ({ ...data, job: { ...job, scenario: undefined } })],
    [
      "a scenario without limits",
      ({ job, ...data }) => ({
        ...data,
        job: { ...job, scenario: { ...(job.scenario as object), rounds: 1e12 } },
      }),
    ],
    [
      "a name that a terminal would obey",
      ({ job, ...data }) => ({
        ...data,
        job: { ...job, scenario: { ...(job.scenario as object), name: "\u001b]0;mine\u0007" } },
      }),
    ],
    ["axes that are no values", ({ job, ...data }) => ({ ...data, job: { ...job, axes: { a: {} } } })],
  ])("plays nothing that candor has not queued: %s", async (_name, change, words = /not made/) => {
    const world = newWorld("queue-evil");
    const before = filesIn(world);
    const out = join(world, "a/b/c/d");
    const controller = new AbortController();
    const serving = serveQueue(url, { workers: 1, out, signal: controller.signal });
    const { scenario, path } = loadScenario(join(world, "cells.yaml"));
    const [job] = jobsOf(scenario, "nowhere", path);
    const connection = { host: "127.0.0.1", port: server.port, password: PASSWORD };
    const queue = new Queue<QueuedJob>(QUEUE, { connection });
    const events = new QueueEvents(QUEUE, { connection });
    try {
      await events.waitUntilReady();
      const data = {
        job: { ...job! },
        sweep: "0123456789",
        sweepFolder: "nowhere",
        candor: packageBuild(),
      };
      const queued = await queue.add("cell", change(data) as QueuedJob, {
        removeOnComplete: true,
        removeOnFail: true,
      });
      expect(await queued.waitUntilFinished(events)).toMatchObject({
        status: "failed",
        error: expect.stringMatching(words),
      });
      expect(filesIn(world)).toEqual(before);
    } finally {
      controller.abort();
      await serving;
      await events.close();
      await queue.close();
    }
  });

  it("plays no cell of a sweep's folder that names a folder elsewhere", async () => {
    const world = newWorld("queue-elsewhere");
    const started = candor(world, ["sweep", "cells.yaml", "--queue", url, "--out", "out"]);
    const connection = { host: "127.0.0.1", port: server.port, password: PASSWORD };
    const queue = new Queue<QueuedJob>(QUEUE, { connection });
    const events = new QueueEvents(QUEUE, { connection });
    const controller = new AbortController();
    try {
      await events.waitUntilReady();
      await started.says(/no worker is listening/);
      const [queued] = await queue.getWaiting();
      const { job, ...rest } = queued!.data;
      await started.kill("SIGINT");
      await started.ended;
      const data = { ...rest, job: { ...job, folder: join(world, "elsewhere") } };
      const evil = await queue.add("cell", data, { removeOnComplete: true, removeOnFail: true });
      const serving = serveQueue(url, { workers: 1, out: join(world, "worker"), signal: controller.signal });
      expect(await evil.waitUntilFinished(events)).toMatchObject({
        status: "failed",
        error: "the queue holds a cell whose folder is not in its sweep's",
      });
      controller.abort();
      await serving;
      expect(readdirSync(world)).not.toContain("elsewhere");
    } finally {
      controller.abort();
      await events.close();
      await queue.close();
    }
  });

  it("replaces a worker killed mid-cell, and loses nothing; no byte holds the password", async () => {
    const world = newWorld("queue");
    const whole = candor(world, ["sweep", "cells.yaml", "--workers", "1", "--out", "whole"]);
    expect((await whole.ended).code, whole.said()).toBe(0);

    const sweep = candor(world, ["sweep", "cells.yaml", "--out", "queued", "--queue", url]);
    const workers: Started[] = [];
    try {
      const mark = join(world, "stopped");
      workers.push(candor(world, ["worker", "--queue", url, "--workers", "1"], stopping("rounds/000", mark)));
      // In the middle of its cell, which no machine is so fast or so busy that it has left by then.
      const playing = await whenStopped(mark, workers[0]!.ended);
      workers[0]!.kill("SIGKILL");
      await workers[0]!.ended;
      // What plays for it ends with it.
      wake(playing);
      await until(() => !isAlive(playing));
      // By the environment, as one would where others see command lines.
      workers.push(candor(world, ["worker", "--queue", "--workers", "1"], { CANDOR_QUEUE: url }));
      await workers[1]!.says(/playing[\s\S]*playing/);
      const { code, stderr } = await sweep.ended;
      expect(code, stderr).toBe(0);
      expect(driftIn(join(world, "queued"))).toBe(driftIn(join(world, "whole")));
      // Nothing of the sweep is left on the server but the last events.
      const redis = new Redis(url);
      const keys = await redis.keys("*");
      expect(keys.filter((key) => !/:(events|meta|id|stalled-check|marker)$/.test(key))).toEqual([]);
      for (const key of keys) {
        if ((await redis.type(key)) === "stream")
          expect(JSON.stringify(await redis.xrange(key, "-", "+"))).not.toContain(PASSWORD);
      }
      redis.disconnect();
    } finally {
      sweep.kill("SIGKILL");
      for (const { kill } of workers) kill("SIGINT");
    }
    const said = await Promise.all([sweep, ...workers].map(({ ended }) => ended));
    for (const { stdout, stderr } of said) expect(stdout + stderr).not.toContain(PASSWORD);
    for (const path of filesIn(world)) expect(readFileSync(path, "latin1"), path).not.toContain(PASSWORD);
  });

  it("sends finished runs back from a worker that does not see the sweep's folder", async () => {
    const world = newWorld("queue-apart");
    const queued = join(world, "queued");
    const whole = candor(world, ["sweep", "cells.yaml", "--workers", "1", "--out", "whole"]);
    const sweep = candor(world, ["sweep", "cells.yaml", "--out", "queued", "--queue", url]);
    expect((await whole.ended).code, whole.said()).toBe(0);
    await sweep.says(/playing \d+ runs, by the workers of --queue[\s\S]*no worker is listening/);
    // As on a machine with another sweep's folder at the same place.
    writeFileSync(join(sweepIn(queued), "queue.json"), '{"id":"0000000000"}');
    const worker = candor(world, ["worker", "--queue", url, "--out", "elsewhere"]);
    try {
      const { code, stderr } = await sweep.ended;
      expect(code, stderr).toBe(0);
    } finally {
      worker.kill("SIGINT");
    }
    expect((await worker.ended).stderr).toMatch(/playing .* in elsewhere\/.*, to be sent back/);
    expect(driftIn(queued)).toBe(driftIn(join(world, "whole")));
    expect(runFilesIn(sweepIn(queued))).toEqual(runFilesIn(sweepIn(join(world, "whole"))));
  });

  it.skipIf(!hasOpenssl)("speaks TLS, and refuses a certificate that nobody vouches for", async () => {
    const world = newWorld("queue-tls");
    const files = { key: join(world, "key.pem"), cert: join(world, "cert.pem") };
    const made = spawnSync("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
      ...["-addext", "subjectAltName=DNS:localhost", "-keyout", files.key, "-out", files.cert],
    ]);
    expect(made.status, String(made.stderr)).toBe(0);
    const tls = ["--tls-port", "$PORT", "--tls-cert-file", files.cert, "--tls-key-file", files.key];
    const secure = await startRedis(...tls, "--tls-auth-clients", "no");
    const address = `rediss://localhost:${secure.port}`;
    const trusting = candor(world, ["worker", "--queue", address], { NODE_EXTRA_CA_CERTS: files.cert });
    const wary = candor(world, ["worker", "--queue", address]);
    try {
      await trusting.says(/waiting for cells of rediss:/);
      trusting.kill("SIGINT");
      expect((await wary.ended).stderr).toMatch(/cannot be reached: .*certificate/);
      await trusting.ended;
    } finally {
      await secure.stop();
    }
  });

  it("says what is wrong with an address, without the password", async () => {
    const world = newWorld("queue-bad");
    const wrong = candor(world, [
      "sweep",
      "cells.yaml",
      "--queue",
      `redis://:wr0ng-s3cret@127.0.0.1:${server.port}`,
    ]);
    const absent = candor(world, ["worker", "--queue", `redis://:${PASSWORD}@127.0.0.1:1`]);
    const malformed = candor(world, ["worker", "--queue", `http://:${PASSWORD}@127.0.0.1`]);
    const percent = candor(world, ["worker", "--queue", `redis://:${PASSWORD}%s@127.0.0.1`]);
    const [first, second, third, fourth] = await Promise.all([
      wrong.ended,
      absent.ended,
      malformed.ended,
      percent.ended,
    ]);
    expect(first.stderr).toMatch(/--queue redis:\/\/127\.0\.0\.1:\d+: cannot be reached: .*WRONGPASS/);
    // Nothing is played by a queue that was not reached.
    expect(first.stderr).not.toContain("playing");
    expect(second.stderr).toMatch(/cannot be reached: .*ECONNREFUSED/);
    expect(third.stderr).toMatch(/expected redis:\/\//);
    expect(fourth.stderr).toBe("candor: --queue: a % in a name or password is written %25\n");
    expect([first.code, second.code, third.code, fourth.code]).toEqual([2, 2, 2, 2]);
    expect(first.stderr + second.stderr + third.stderr + fourth.stderr).not.toMatch(/s3cret/);
  });
});

/** What the runs of a sweep came to, without what tells times. */
function runFilesIn(sweep: string): Record<string, string> {
  const cells = join(sweep, "cells");
  const paths = filesIn(cells).filter((path) => !/run\.(log|json)$|round\.json$/.test(path));
  return Object.fromEntries(paths.map((path) => [relative(cells, path), readFileSync(path, "latin1")]));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
