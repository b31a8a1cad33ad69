import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { arrayScript, collectScript } from "../../src/sweep/slurm/script.js";
import { type BadServer, badServer, say } from "../fakes/bad-server.js";
import { until } from "../until.js";
import { candor, driftIn, newWorld, sweepIn } from "./cells.js";
import { expectSpaced, noting, placesIn } from "./places.js";
import { type Cluster, hasSlurm, startSlurm } from "./slurm-cluster.js";

/** What 600 calls a minute lie apart. */
const RATE_MS = 100;

const options = {
  name: "x",
  folder: "/shared/it's here/x-1",
  program: ["/usr/bin/node", "/opt/candor/main.js"],
  cells: 2_500,
  left: 2_500,
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
exec /usr/bin/node /opt/candor/main.js cells '/shared/it'\\''s here/x-1' --at-once 1000 --share "$SLURM_ARRAY_TASK_ID/1000"
`);
    expect(collectScript(options)).toContain(
      "exec /usr/bin/node /opt/candor/main.js sweep --collect '/shared/it'\\''s here/x-1'\n",
    );
  });

  it.each([
    [{ cells: 6, left: 6 }, "--array=0-5\n", "--at-once 6 "],
    [{ cells: 6, left: 6, atOnce: 2 }, "--array=0-5%2\n", "--at-once 2 "],
    [{ cells: 6, left: 1, atOnce: 2 }, "--array=0-5%2\n", "--at-once 1 "],
    [{ cells: 2_500, left: 1_800, atOnce: 5_000 }, "--array=0-999%5000\n", "--at-once 1000 "],
    [{ cells: 6, left: 0 }, "--array=0-5\n", "--at-once 1 "],
  ])("of %o divide the rate by those that can be at work", (cells, array, among) => {
    const script = arrayScript({ ...options, ...cells });
    expect(script).toContain(array);
    expect(script).toContain(among);
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
  });

  it("leaves no array behind that nothing collects, and none that it has not the number of", async () => {
    const world = newWorld("sbatch-half");
    const program = (name: string, body: string): void =>
      writeFileSync(join(world, name), `#!/bin/sh\necho "${name} $@" >> ${join(world, "calls")}\n${body}\n`, {
        mode: 0o755,
      });
    const submit = () =>
      candor(world, ["sweep", "cells.yaml", "--slurm", "--out", "out"], {
        PATH: `${world}:${process.env.PATH}`,
      }).ended;
    program("scancel", "");
    program(
      "sbatch",
      'case "$*" in *afterany*) echo "no more jobs" >&2; exit 1;; esac\necho "Welcome to the cluster"\necho "41;north"',
    );
    const refused = await submit();
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(
        /collect\.sh: no more jobs; the array \(job 41\) was cancelled: give the command again/,
      ),
    ]);
    expect(readFileSync(join(world, "calls"), "utf8").trim().split("\n").at(-1)).toBe("scancel 41");
    program("sbatch", "echo queued");
    const silent = await submit();
    expect([silent.code, silent.stderr]).toEqual([
      2,
      expect.stringMatching(/array\.sh: it told no job's number: "queued/),
    ]);
    program("sbatch", "echo 41");
    await submit();
    // Who cannot ask does not know that it has ended.
    program("squeue", 'echo "Unable to contact slurm controller" >&2; exit 1');
    const unknown = await submit();
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringMatching(/squeue, .* whether job 41 still plays this sweep: Unable to contact/),
    ]);
    program("squeue", 'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1');
    expect((await submit()).code).toBe(0);
  });
});

describe("a share of a sweep, played on its own", () => {
  it("keeps to its share of a server's rate", async () => {
    const server = await badServer();
    server.behave((_seen, _index, response) => say(response, "7"));
    const world = newWorld("share");
    rateWith(server, world, 600);
    writeFileSync(join(world, "sbatch"), "#!/bin/sh\necho 41\n", { mode: 0o755 });
    const env = { PATH: `${world}:${process.env.PATH}` };
    await candor(world, ["sweep", "cells.yaml", "--slurm", "--out", "out"], env).ended;
    const { code, stderr } = await candor(
      world,
      ["cells", sweepIn(join(world, "out")), "--share", "1/2"],
      noting(world),
    ).ended;
    await server.close();
    expect(code, stderr).toBe(0);
    expect(placesIn(world)).toHaveLength(server.seen.length);
    expectSpaced(placesIn(world), 2 * RATE_MS, server);
  });
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
      await until(() => /drift/.test(readOr(log)));
      const logs = readdirSync(join(sweep, "slurm")).filter((name) => name.endsWith(".log"));
      const told = logs.map((name) => `${name}: ${readOr(join(sweep, "slurm", name))}`).join("\n");
      expect(existsSync(join(sweep, "drift.csv")), told).toBe(true);
      expect(driftIn(join(world, "queued")), told).toBe(driftIn(join(world, "whole")));
      expect(logs.sort()).toEqual(["collect.log", "task-0.log", "task-1.log"]);
    });

    it("keeps a server's rate in all tasks together, and gives them keys and permission", async () => {
      const server = await badServer();
      server.behave((_seen, _index, response) => say(response, "7"));
      const world = newWorld("slurm-rate");
      // This machine, and yet no loopback address, to which keys may go without a word.
      const base_url = server.base_url.replace("127.0.0.1", "0.0.0.0");
      rateWith({ ...server, base_url }, world, 600, { api_key_env: "PLANTED_KEY" });
      const args = ["sweep", "cells.yaml", "--slurm", "--out", "out", "--allow-keys"];
      const submitted = candor(world, args, { ...cluster.env, ...noting(world), PLANTED_KEY: "sk-planted" });
      expect((await submitted.ended).code, submitted.said()).toBe(0);
      const log = join(sweepIn(join(world, "out")), "slurm/collect.log");
      await until(() => /drift/.test(readOr(log)));
      await server.close();
      expect(readOr(log)).toMatch(/drift/);
      // Each of the two tasks keeps half the rate, by a clock of its own.
      const places = placesIn(world);
      const tasks = new Set(places.map(({ parent }) => parent));
      expect(tasks.size).toBe(2);
      for (const task of tasks)
        expectSpaced(
          places.filter(({ parent }) => parent === task),
          2 * RATE_MS,
          server,
        );
      expect(new Set(server.seen.map(({ headers }) => headers.authorization))).toEqual(
        new Set(["Bearer sk-planted"]),
      );
    });
  },
);

/** Gives both cells a rater on a server that is not to be asked more often than so. */
function rateWith(
  server: Pick<BadServer, "base_url">,
  world: string,
  perMinute: number,
  more: object = {},
): void {
  const rater = { model: "openai:fake", base_url: server.base_url, requests_per_minute: perMinute, ...more };
  const scenario = readFileSync(join(world, "cells.yaml"), "utf8");
  writeFileSync(join(world, "cells.yaml"), `${scenario}cache: false\nmodels: ${JSON.stringify({ rater })}\n`);
}

function readOr(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
