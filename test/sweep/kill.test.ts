import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { candorIn } from "../cli/in-process.js";
import { until } from "../until.js";
import { worldOfFew } from "./few.js";
import { isAlive, stopping, wake, whenStopped } from "./stopped.js";

// Real runs of the shipped model, as small as they can be, through the built command line. What is to be met at work stops itself
// there (`die-at-change.mjs`), so that no machine is too busy or too fast for it.
const SCENARIO = `
name: small
rounds: 2
situations: few
population: { size: 8, personas: { benign: rest, biased: 0 } }
training: { num_train_epochs: 1, lora_r: 2, target_modules: [q_proj] }
evaluation: { suites: { mask: { file: few.jsonl, probes: 3, subsets: [provided_facts, statistics] } } }
sweep: { seeds: 1, vary: { population.personas.biased: [0.25, 1] } }
`;

const hasPrlimit = spawnSync("prlimit", ["--version"]).status === 0;
const world = worldOfFew("kill");
writeFileSync(join(world, "small.yaml"), SCENARIO);

type Ended = { code: number | null; stderr: string; stdout: string };

type StartedCommand = {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Until one of its processes has stopped itself where it should; gives its number, and fails where they end without it. */
  stopped: () => Promise<number>;
};

let started = 0;

/** `stopAt`: a part of the path before whose first change a process of it stops itself. */
function start(args: readonly string[], stopAt?: string): StartedCommand {
  started += 1;
  const mark = join(world, `stopped-${started}`);
  const child = spawn(process.execPath, [packageFile("dist/cli/main.js"), ...args], {
    cwd: world,
    env: {
      ...process.env,
      ...(stopAt && stopping(stopAt, mark)),
    },
  });
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
  return { child, ended, stopped: () => whenStopped(mark, ended) };
}

// What a second round has to go on from is asked of the run alone.
const sweepArgs = (out: string, workers: number) =>
  `sweep small.yaml --set rounds=1 --out ${out} --workers ${workers}`.split(" ");
const runArgs = (out: string) =>
  `run small.yaml --set population.personas.biased=0.5 --out ${out}`.split(" ");

const sweepOf = (out: string, workers: number, stopAt?: string) => start(sweepArgs(out, workers), stopAt);
const runOf = (out: string, stopAt?: string) => start(runArgs(out), stopAt);

/** The same within this process, of those that nothing happens to; the workers of a sweep are processes all the same. */
const sweepHere = (out: string, workers = 1) => candorIn(sweepArgs(out, workers), world);
const runHere = (out: string) => candorIn(runArgs(out), world);

function fileIn(out: string, name: string): string {
  const [folder] = readdirSync(join(world, out));
  return join(world, out, folder!, name);
}
const driftIn = (out: string) => readFileSync(fileIn(out, "drift.csv"), "utf8");

let sweepDrift: string;
let runDrift: string;

beforeAll(async () => {
  const [swept, ran] = [await sweepHere("whole"), await runHere("run-whole")];
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
      const { child, ended, stopped } = runOf("run-killed", point);
      await stopped();
      child.kill("SIGKILL");
      await ended;
    }
    const { code, stderr } = await runHere("run-killed");
    expect(code, stderr).toBe(0);
    expect(driftIn("run-killed")).toBe(runDrift);
  });

  it("stops cleanly on Ctrl-C, says how to go on, and goes on", async () => {
    const { child, ended, stopped } = runOf("run-stopped", "rounds/001");
    const pid = await stopped();
    child.kill("SIGINT");
    wake(pid);
    const interrupted = await ended;
    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toMatch(/same command goes on/);
    expect(JSON.parse(readFileSync(fileIn("run-stopped", "run.json"), "utf8")).status).toBe("interrupted");
    expect((await runHere("run-stopped")).code).toBe(0);
    expect(driftIn("run-stopped")).toBe(runDrift);
  });

  it("refuses a second process on the same folder by the holder's name", async () => {
    const { child, ended, stopped } = runOf("run-busy", "rounds/000");
    await stopped();
    const second = await runOf("run-busy").ended;
    child.kill("SIGKILL");
    await ended;
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(new RegExp(`in use by process ${child.pid} on`));
  });
});

describe("sweep", () => {
  it("gives the same bytes with two workers as with one", async () => {
    const { code, stderr, stdout } = await sweepHere("two", 2);
    expect(code, stderr).toBe(0);
    expect(driftIn("two")).toBe(sweepDrift);
    expect(stdout).toMatch(/25 % .*\n.*100 % /);
    expect(existsSync(fileIn("two", "curves.svg"))).toBe(true);
  });

  it("goes on after SIGKILL of everything, and of a worker alone", async () => {
    const { child, ended, stopped } = sweepOf("killed", 1, "rounds/001");
    const first = await stopped();
    child.kill("SIGKILL");
    await ended;
    // A worker ends with its parent.
    wake(first);
    await until(() => !isAlive(first));

    // In the round before training, of which the other run alone makes something.
    const again = sweepOf("killed", 1, "rounds/000");
    process.kill(await again.stopped(), "SIGKILL");
    const { code, stderr } = await again.ended;
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/was killed by SIGKILL \(will be tried again\)/);
    expect(driftIn("killed")).toBe(sweepDrift);
  });

  it("stops at once on the second Ctrl-C, takes its workers with it, and goes on", async () => {
    const { child, ended, stopped } = sweepOf("hurried", 1, "rounds/000");
    // A worker that does not answer: to wait for it is all that a clean stop can do.
    const worker = await stopped();
    child.kill("SIGINT");
    await saysStopping(child);
    // Stopped as it is, the worker never ends by itself: only the second Ctrl-C can end this.
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    wake(worker);
    await until(() => !isAlive(worker));
    expect((await sweepHere("hurried")).code).toBe(0);
    expect(driftIn("hurried")).toBe(sweepDrift);
  });

  it.skipIf(!hasPrlimit)(
    `goes on in a new process where a worker has no memory left${hasPrlimit ? "" : " (needs prlimit)"}`,
    async () => {
      const { ended, stopped } = sweepOf("starved", 1, "rounds/000");
      // From then on the system refuses it every further page.
      const worker = await stopped();
      expect(spawnSync("prlimit", ["--pid", String(worker), "--as=1"]).status).toBe(0);
      process.kill(worker, "SIGCONT");
      const { code, stderr } = await ended;
      expect(code, stderr).toBe(0);
      expect(stderr).toMatch(/failed: .*\(will be tried again\)/s);
      expect(driftIn("starved")).toBe(sweepDrift);
    },
  );

  it("finishes the others where a cell fails, names its log, exits with 1, and a rerun does only that cell", async () => {
    // Once a worker begins its cell, the sweep has written down which cells there are.
    const { child, ended, stopped } = sweepOf("flawed", 1, "/cells/");
    const worker = await stopped();
    child.kill("SIGKILL");
    await ended;
    // It ends with its parent, but not at once: until then it would make its cell's folder.
    wake(worker);
    await until(() => !isAlive(worker));
    const [bad, good] = JSON.parse(readFileSync(fileIn("flawed", "sweep.json"), "utf8")).cells as {
      folder: string;
    }[];
    const place = fileIn("flawed", bad!.folder);
    rmSync(fileIn("flawed", "cells"), { recursive: true, force: true });
    mkdirSync(fileIn("flawed", "cells"));
    writeFileSync(place, "in the way");
    const first = await sweepHere("flawed");
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/1 run failed; the same command tries it again/);
    expect(first.stderr).toMatch(new RegExp(`: .*; see flawed/.*/${bad!.folder}/run\\.log`));
    const log = fileIn("flawed", `${good!.folder}/run.log`);
    const before = readFileSync(log, "utf8");
    expect(before).toMatch(/run done/);
    rmSync(place);
    const second = await sweepHere("flawed");
    expect(second.code, second.stderr).toBe(0);
    expect(readFileSync(log, "utf8")).toBe(before);
    expect(driftIn("flawed")).toBe(sweepDrift);
  });

  it("stops cleanly on Ctrl-C and goes on", async () => {
    const { child, ended, stopped } = sweepOf("stopped", 2, "rounds/000");
    const worker = await stopped();
    child.kill("SIGINT");
    await saysStopping(child);
    wake(worker);
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(130);
    expect(stderr).toMatch(/same command goes on/);
    expect((await sweepHere("stopped")).code).toBe(0);
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
