import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { arrayScript, collectScript } from "../../src/sweep/slurm/script.js";
import { candor, driftIn, newWorld, sweepIn } from "./cells.js";
import { type Cluster, hasSlurm, startSlurm } from "./slurm-cluster.js";

const options = {
  name: "x",
  folder: "/shared/it's here/x-1",
  program: ["/usr/bin/node", "/opt/candor/main.js"],
  cells: 2_500,
  options: ["--partition=cpu"],
};

describe("scripts", () => {
  it("give 2,500 cells to at most 1,000 tasks, with options passed on and every path quoted", () => {
    expect(arrayScript(options)).toBe(`#!/bin/bash
#SBATCH --job-name=candor-x
#SBATCH --array=0-999
#SBATCH --output='/shared/it'\\''s here/x-1/slurm/task-%a.log'
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:TERM@60
#SBATCH --partition=cpu
exec /usr/bin/node /opt/candor/main.js cells '/shared/it'\\''s here/x-1' --share "$SLURM_ARRAY_TASK_ID/1000"
`);
    expect(collectScript(options)).toContain(
      "exec /usr/bin/node /opt/candor/main.js sweep --collect '/shared/it'\\''s here/x-1'\n",
    );
  });
});

describe("submitting with a stand-in for sbatch", () => {
  it("submits the array and, after it, the collecting job; refuses what it sets itself", async () => {
    const world = newWorld("sbatch");
    const bin = join(world, "sbatch");
    writeFileSync(bin, `#!/bin/sh\necho "$@" >> ${join(world, "calls")}\necho 41\n`);
    chmodSync(bin, 0o755);
    const env = { PATH: `${world}:${process.env.PATH}` };
    const submit = (...more: string[]) =>
      candor(world, ["sweep", "cells.yaml", "--slurm", "--out", "out", ...more], env).ended;
    const { code, stdout, stderr } = await submit("--sbatch=--time=1:00:00");
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/2 of 2 runs are with Slurm: job 41, collected by job 41/);
    const calls = readFileSync(join(world, "calls"), "utf8").trim().split("\n");
    expect(calls[0]).toMatch(/^--parsable .*array\.sh$/);
    expect(calls[1]).toMatch(/^--parsable --dependency=afterany:41 .*collect\.sh$/);
    expect(readFileSync(join(sweepIn(join(world, "out")), "slurm/array.sh"), "utf8")).toContain(
      "\n#SBATCH --time=1:00:00\n",
    );
    const own = await submit("--sbatch=--array=1-5");
    expect([own.code, own.stderr]).toEqual([
      2,
      expect.stringMatching(/--sbatch --array=1-5: candor sets this/),
    ]);
  }, 30_000);
});

describe.skipIf(!hasSlurm)(
  `a Slurm of one node${hasSlurm ? "" : " (needs slurmctld, slurmd and munged)"}`,
  () => {
    let cluster: Cluster;
    beforeAll(async () => {
      cluster = await startSlurm();
    });
    afterAll(async () => {
      await cluster?.stop();
    });

    it("plays a sweep as an array and collects it, with the same bytes as here", async () => {
      const world = newWorld("slurm");
      const whole = candor(world, ["sweep", "cells.yaml", "--workers", "1", "--out", "whole"]);
      expect((await whole.ended).code, whole.said()).toBe(0);
      const submit = () =>
        candor(world, ["sweep", "cells.yaml", "--slurm", "--out", "queued"], cluster.env).ended;
      const { code, stdout, stderr } = await submit();
      expect(code, stderr).toBe(0);
      expect(stdout).toMatch(/2 of 2 runs are with Slurm/);
      const again = await submit();
      expect([again.code, again.stderr]).toEqual([2, expect.stringMatching(/is with Slurm as job \d+/)]);
      const sweep = sweepIn(join(world, "queued"));
      const log = join(sweep, "slurm/collect.log");
      for (let wait = 0; wait < 240 && !/drift/.test(readOr(log)); wait += 1) await sleep(250);
      const logs = readdirSync(join(sweep, "slurm")).filter((name) => name.endsWith(".log"));
      const told = logs.map((name) => `${name}: ${readOr(join(sweep, "slurm", name))}`).join("\n");
      expect(existsSync(join(sweep, "drift.csv")), told).toBe(true);
      expect(driftIn(join(world, "queued")), told).toBe(driftIn(join(world, "whole")));
      expect(logs.sort()).toEqual(["collect.log", "task-0.log", "task-1.log"]);
    }, 120_000);
  },
);

function readOr(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
