import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { until } from "../until.js";

// Real runs of the shipped model, as small as they can be, through the built command line; with rounds enough that a test which is
// kept waiting by a busy machine still finds them at work.
const SCENARIO = `
name: small
rounds: 5
population: { size: 10, personas: { benign: rest, biased: 0 } }
training: { num_train_epochs: 1, lora_r: 4 }
evaluation: { suites: { mask: { probes: 3, subsets: [provided_facts, statistics] } } }
sweep: { seeds: 1, vary: { population.personas.biased: [0.2, 1] } }
`;

const hasPrlimit = spawnSync("prlimit", ["--version"]).status === 0;
const world = mkdtempSync(join(tmpdir(), "candor-kill-"));
writeFileSync(join(world, "small.yaml"), SCENARIO);

type Ended = { code: number | null; stderr: string; stdout: string };

function start(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [packageFile("dist/cli/main.js"), ...args], { cwd: world });
  const text = { stdout: "", stderr: "" };
  child.stdout!.on("data", (chunk) => {
    text.stdout += chunk;
  });
  child.stderr!.on("data", (chunk) => {
    text.stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code) => resolve({ code, ...text }));
  });
  return { child, ended };
}

const sweepOf = (out: string, ...more: string[]) => start("sweep", "small.yaml", "--out", out, ...more);
const runOf = (out: string) =>
  start("run", "small.yaml", "--set", "population.personas.biased=0.5", "--out", out);

function fileIn(out: string, name: string): string {
  const [folder] = readdirSync(join(world, out));
  return join(world, out, folder!, name);
}
const driftIn = (out: string) => readFileSync(fileIn(out, "drift.csv"), "utf8");

/** Waits until a file exists. */
async function appears(path: () => string): Promise<void> {
  await until(() => {
    try {
      return existsSync(path());
    } catch {
      return false; // its folder is not there yet
    }
  });
}

let sweepDrift: string;
let runDrift: string;

beforeAll(async () => {
  const [swept, ran] = await Promise.all([
    sweepOf("whole", "--workers", "1").ended,
    runOf("run-whole").ended,
  ]);
  expect(swept.code, swept.stderr).toBe(0);
  expect(ran.code, ran.stderr).toBe(0);
  sweepDrift = driftIn("whole");
  runDrift = driftIn("run-whole");
});

describe("run", () => {
  it("is the same after SIGKILL at points all along the way", async () => {
    const points = [
      "rounds/000/probes.partial.jsonl",
      "rounds/001/interactions.partial.jsonl",
      "training/001",
      "checkpoints/001",
    ];
    for (const point of points) {
      const { child, ended } = runOf("run-killed");
      await Promise.race([appears(() => fileIn("run-killed", point)), ended]);
      child.kill("SIGKILL");
      await ended;
    }
    const { code, stderr } = await runOf("run-killed").ended;
    expect(code, stderr).toBe(0);
    expect(driftIn("run-killed")).toBe(runDrift);
  });

  it("stops cleanly on Ctrl-C, says how to go on, and goes on", async () => {
    const { child, ended } = runOf("run-stopped");
    await appears(() => fileIn("run-stopped", "rounds/001"));
    child.kill("SIGINT");
    const stopped = await ended;
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toMatch(/same command goes on/);
    expect(JSON.parse(readFileSync(fileIn("run-stopped", "run.json"), "utf8")).status).toBe("interrupted");
    expect((await runOf("run-stopped").ended).code).toBe(0);
    expect(driftIn("run-stopped")).toBe(runDrift);
  });

  it("refuses a second process on the same folder by the holder's name", async () => {
    const { child, ended } = runOf("run-busy");
    await appears(() => fileIn("run-busy", "rounds/000"));
    // Frozen, it cannot be done before the second one asks.
    child.kill("SIGSTOP");
    const second = await runOf("run-busy").ended;
    child.kill("SIGKILL");
    await ended;
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(new RegExp(`in use by process ${child.pid} on`));
  });
});

describe("sweep", () => {
  it("gives the same bytes with two workers as with one", async () => {
    const { code, stderr, stdout } = await sweepOf("two", "--workers", "2").ended;
    expect(code, stderr).toBe(0);
    expect(driftIn("two")).toBe(sweepDrift);
    expect(stdout).toMatch(/20 % .*\n.*100 % /);
    expect(existsSync(fileIn("two", "curves.svg"))).toBe(true);
  });

  it("goes on after SIGKILL of everything, and of a worker alone", async () => {
    const cells = () => readdirSync(fileIn("killed", "cells"));
    const roundOf = (cell: string | undefined, round: string) =>
      fileIn("killed", `cells/${cell}/rounds/${round}`);
    const begun = (round: string) => cells().find((cell) => existsSync(roundOf(cell, round)));
    const { child, ended } = sweepOf("killed", "--workers", "1");
    await appears(() => roundOf(begun("001"), "001"));
    child.kill("SIGKILL");
    await ended;
    const first = begun("001");

    const again = sweepOf("killed", "--workers", "1");
    const worker = await workerOf(again.child);
    // It has the whole of its second run before it then.
    await appears(() => roundOf(cells().find((cell) => cell !== first)!, "000"));
    process.kill(worker, "SIGKILL");
    const { code, stderr } = await again.ended;
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/was killed by SIGKILL \(will be tried again\)/);
    expect(driftIn("killed")).toBe(sweepDrift);
  });

  it("stops at once on the second Ctrl-C, takes its workers with it, and goes on", async () => {
    const { child, ended } = sweepOf("hurried", "--workers", "1");
    const worker = await workerOf(child);
    await appears(() => fileIn("hurried", "cells"));
    // A worker that does not answer: to wait for it is all that a clean stop can do.
    process.kill(worker, "SIGSTOP");
    child.kill("SIGINT");
    await saysStopping(child);
    // Stopped as it is, the worker never ends by itself: only the second Ctrl-C can end this.
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    wake(worker);
    await until(() => !isAlive(worker));
    expect((await sweepOf("hurried").ended).code).toBe(0);
    expect(driftIn("hurried")).toBe(sweepDrift);
  });

  it.skipIf(!hasPrlimit)(
    `goes on in a new process where a worker has no memory left${hasPrlimit ? "" : " (needs prlimit)"}`,
    async () => {
      const { child, ended } = sweepOf("starved", "--workers", "1");
      const worker = await workerOf(child);
      // In whichever cell it has begun with: it is another process that plays the next.
      const begun = () =>
        readdirSync(fileIn("starved", "cells")).map((cell) => fileIn("starved", `cells/${cell}/rounds/000`));
      await appears(() => begun().find((round) => existsSync(round)) ?? "");
      // Stopped, it cannot be done before; from then on the system refuses it every further page.
      process.kill(worker, "SIGSTOP");
      expect(spawnSync("prlimit", ["--pid", String(worker), "--as=1"]).status).toBe(0);
      process.kill(worker, "SIGCONT");
      const { code, stderr } = await ended;
      expect(code, stderr).toBe(0);
      expect(stderr).toMatch(/failed: .*\(will be tried again\)/s);
      expect(driftIn("starved")).toBe(sweepDrift);
    },
  );

  it("finishes the others where a cell fails, names its log, exits with 1, and a rerun does only that cell", async () => {
    const { child, ended } = sweepOf("flawed", "--workers", "2");
    await appears(() => fileIn("flawed", "sweep.json"));
    child.kill("SIGKILL");
    await ended;
    const [bad, good] = JSON.parse(readFileSync(fileIn("flawed", "sweep.json"), "utf8")).cells as {
      folder: string;
    }[];
    const place = fileIn("flawed", bad!.folder);
    rmSync(fileIn("flawed", "cells"), { recursive: true, force: true });
    mkdirSync(fileIn("flawed", "cells"));
    writeFileSync(place, "in the way");
    const first = await sweepOf("flawed", "--workers", "2").ended;
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/1 runs failed; the same command tries them again/);
    expect(first.stderr).toMatch(new RegExp(`: .*; see flawed/.*/${bad!.folder}/run\\.log`));
    const log = fileIn("flawed", `${good!.folder}/run.log`);
    const before = readFileSync(log, "utf8");
    expect(before).toMatch(/run done/);
    rmSync(place);
    const second = await sweepOf("flawed", "--workers", "2").ended;
    expect(second.code, second.stderr).toBe(0);
    expect(readFileSync(log, "utf8")).toBe(before);
    expect(driftIn("flawed")).toBe(sweepDrift);
  });

  it("stops cleanly on Ctrl-C and goes on", async () => {
    const { child, ended } = sweepOf("stopped", "--workers", "2");
    await workerOf(child);
    await appears(() => fileIn("stopped", "cells"));
    child.kill("SIGINT");
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(130);
    expect(stderr).toMatch(/same command goes on/);
    expect((await sweepOf("stopped").ended).code).toBe(0);
    expect(driftIn("stopped")).toBe(sweepDrift);
    rmSync(world, { recursive: true });
  });
});

function saysStopping(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.stderr!.on("data", (chunk) => {
      if (String(chunk).includes("stopping at the next safe point")) resolve();
    });
  });
}

/** Lets a stopped process go on; one that is gone by now needs nothing. */
function wake(pid: number): void {
  try {
    process.kill(pid, "SIGCONT");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** The number of the sweep's worker, as soon as it has one. What else it starts (to look for cards) ends at once. */
async function workerOf(parent: ChildProcess): Promise<number> {
  const path = `/proc/${parent.pid}/task/${parent.pid}/children`;
  return await until(() =>
    readFileSync(path, "utf8")
      .trim()
      .split(" ")
      .map(Number)
      .find((pid) => pid > 0 && isWorker(pid)),
  );
}

function isWorker(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("worker.js");
  } catch {
    return false; // gone by now
  }
}
