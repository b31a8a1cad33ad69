import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { candor } from "../sweep/cells.js";
import { hasRedis, type RedisServer, startRedis } from "../sweep/redis.js";
import { type Cluster, hasSlurm, startSlurm } from "../sweep/slurm-cluster.js";
import { until } from "../until.js";
import { linesOf, withSets } from "./page.js";

// The commands of docs/scale.md that need a Redis or a Slurm, as they stand there, where one can be started here.

const lines = linesOf(readFileSync(packageFile("docs/scale.md"), "utf8")).map((words) => words.join(" "));
const lineOf = (begin: RegExp): string[] => lines.find((line) => begin.test(line))!.split(" ");

const sweepIn = (folder: string) =>
  join(folder, readdirSync(folder).find((name) => name.startsWith("default-"))!);

describe.skipIf(!hasRedis)(`a sweep through Redis${hasRedis ? "" : " (needs redis-server)"}`, () => {
  let server: RedisServer;
  const folder = mkdtempSync(join(tmpdir(), "candor-docs-redis-"));
  beforeAll(async () => {
    server = await startRedis("--requirepass", "password");
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it("is played by two workers, command by command", async () => {
    const env = { CANDOR_QUEUE: `redis://:password@127.0.0.1:${server.port}` };
    const worker = lineOf(/^worker --queue --workers/u);
    const workers = [candor(folder, worker, env), candor(folder, worker, env)];
    const { code, stdout, stderr } = await candor(folder, lineOf(/^sweep \S+ --queue --set/u), env).ended;
    for (const one of workers) one.kill("SIGTERM");
    await Promise.all(workers.map(({ ended }) => ended));
    expect([code, stdout]).toEqual([0, expect.stringContaining("honesty")]);
    expect(stderr).not.toContain("candor:");
    const drift = readFileSync(join(sweepIn(join(folder, "runs")), "drift.csv"), "utf8");
    expect(drift.trim().split("\n").length).toBeGreaterThan(2);
  });
});

describe.skipIf(!hasSlurm)(
  `a sweep through Slurm${hasSlurm ? "" : " (needs slurmctld, slurmd and munged)"}`,
  () => {
    let cluster: Cluster;
    const folder = mkdtempSync(join(tmpdir(), "candor-docs-slurm-"));
    beforeAll(async () => {
      cluster = await startSlurm();
    });
    afterAll(async () => {
      await cluster?.stop();
      rmSync(folder, { recursive: true });
    });

    it("is queued as it stands there, smaller and on the partition that is here, and collected", async () => {
      const few = ["rounds=1", "population.size=12", "sweep.seeds=1", "evaluation.suites.mask.probes=2"];
      const given = lineOf(/^sweep \S+ --slurm --out/u)
        .map((word) => word.replace("/shared/runs", join(folder, "shared")))
        .map((word) => word.replace("--partition=cpu", "--partition=all"));
      const { code, stdout, stderr } = await candor(folder, withSets(given, few), cluster.env).ended;
      expect([code, stderr]).toEqual([0, ""]);
      const [, all] = /^(\d+) of \1 runs are with Slurm: job \d+, collected by job \d+/mu.exec(stdout) ?? [];
      expect(Number(all)).toBeGreaterThan(1);
      const drift = join(sweepIn(join(folder, "shared")), "drift.csv");
      await until(() => existsSync(drift));
    });
  },
);
