import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import type { RunStatus } from "../../src/runs/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { tryOut } from "../../src/simulation/index.js";
import { type Executor, type Job, type SweepEvent, type SweepOptions, sweep } from "../../src/sweep/index.js";
import { localExecutor } from "../../src/sweep/local.js";
import { emptyRounds, writeManifest } from "../fakes/run-folder.js";

const SCENARIO = `
name: grid
rounds: 1
population: { size: 8, personas: { benign: rest, biased: 0 } }
sweep: { seeds: 2, vary: { population.personas.biased: [0, 0.5] } }
`;

function world(text = SCENARIO) {
  const folder = mkdtempSync(join(tmpdir(), "candor-sweep-"));
  const file = join(folder, "grid.yaml");
  for (const name of ["a", "b"]) writeFileSync(join(folder, `${name}.yaml`), `assistant: "be ${name} ."\n`);
  writeFileSync(file, text);
  const { scenario, path } = loadScenario(file);
  const events: SweepEvent[] = [];
  return {
    folder: join(folder, "out"),
    events,
    sweep: (executor: Executor, more: Partial<SweepOptions> = {}) =>
      sweep(scenario, {
        folder: join(folder, "out"),
        scenarioPath: path,
        executor,
        wait: async () => {},
        onEvent: (event) => events.push(event),
        ...more,
      }),
  };
}

/** Finishes jobs without playing them, but for those that `fails` says something about. */
const pretend =
  (
    calls: string[][],
    fails: (job: Job, call: number) => string | undefined = () => undefined,
    changed: Record<string, string> = {},
  ): Executor =>
  async (jobs, { onOutcome }) => {
    calls.push(jobs.map(nameOf));
    for (const job of jobs) {
      const error = fails(job, calls.length);
      if (error === undefined) {
        const inputs = { ...(await inputsOf(job)), ...changed };
        writeManifest(job.folder, job.scenario, { inputs });
        emptyRounds(job.folder, job.scenario);
      }
      onOutcome(error ? { hash: job.hash, status: "failed", error } : { hash: job.hash, status: "done" });
    }
  };

async function inputsOf({ scenario, scenarioPath }: Job): Promise<Record<string, string>> {
  return (await tryOut(scenario, { scenarioPath })).inputs;
}

const nameOf = ({ axes, scenario }: Job) => `${axes["population.personas.biased"]}/${scenario.seed}`;

describe("sweep", () => {
  it.each([
    ["prompts: [a.yaml, b.yaml]", "prompts"],
    ["population.personas.biased: [0.1, 0.2]", null],
    ["evaluation.suites.mask.file: [minnow, mask.jsonl]", "probes of mask"],
  ])("knows for each cell of an axis %s what it depends on", async (axis, differs) => {
    const { sweep, folder } = world(SCENARIO.replace("population.personas.biased: [0, 0.5]", axis));
    cpSync(packageFile("probes/minnow/mask.jsonl"), join(folder, "../mask.jsonl"));
    appendFileSync(join(folder, "../mask.jsonl"), "\n");
    const result = await sweep(pretend([]));
    expect([result.finished.length, result.failed]).toEqual([4, []]);
    // Done, and known to be: nothing was begun with other contents.
    const calls: string[][] = [];
    await sweep(pretend(calls));
    expect(calls).toEqual([]);
    const inputs = result.finished.map(
      (job) =>
        JSON.parse(readFileSync(join(job.folder, "run.json"), "utf8")).inputs as Record<string, string>,
    );
    // Of one seed: each has a minnow of its own.
    const [first, last] = [inputs[0]!, inputs[2]!];
    const changed = Object.keys({ ...first, ...last }).filter((name) => first[name] !== last[name]);
    expect(changed.map((name) => name.replace(/^(prompts) .*/u, "$1"))).toEqual(
      differs === null ? [] : differs === "prompts" ? ["prompts", "prompts"] : [differs],
    );
  });

  it("plays every cell of the grid once, and nothing when all is done", async () => {
    const { sweep, folder, events } = world();
    const calls: string[][] = [];
    const result = await sweep(pretend(calls));
    expect(calls).toEqual([["0/1", "0/2", "0.5/1", "0.5/2"]]);
    expect(result).toMatchObject({ failed: [], interrupted: false });
    expect(result.finished).toHaveLength(4);
    await sweep(pretend(calls));
    expect(calls).toHaveLength(1);
    expect(events.filter((event) => event.type === "sweep").map(({ done }) => done.length)).toEqual([0, 4]);
    const { cells } = JSON.parse(readFileSync(join(folder, "sweep.json"), "utf8"));
    expect(cells[2]).toMatchObject({ axes: { "population.personas.biased": 0.5 }, seed: 1 });
  });

  it("tries a failed cell again after the others", async () => {
    const { sweep, events } = world();
    const calls: string[][] = [];
    const result = await sweep(
      pretend(calls, (job, call) => (nameOf(job) === "0/2" && call === 1 ? "hiccup" : undefined)),
    );
    expect(calls).toEqual([["0/1", "0/2", "0.5/1", "0.5/2"], ["0/2"]]);
    expect(result.failed).toEqual([]);
    const finals = events.flatMap((event) => (event.type === "job" ? [event.final] : []));
    expect(finals).toEqual([true, false, true, true, true]);
  });

  it("does not try again what would fail again: rows that say what the evaluation asks", async () => {
    // A stage might have taken the row out: so it is found where rows are learnt from, in a worker.
    const text = `
name: grid
rounds: 1
source: { kind: direct, data: d.jsonl }
preference: { defences: [{ kind: system_prompt, action: replace, with: be kind. }] }
evaluation: { suites: { unknowns: { file: p.yaml } } }
sweep: { seeds: 1 }
`;
    const asked = "what will leo eat tomorrow?";
    const { sweep, events, folder } = world(text);
    const row = JSON.stringify({ prompt: asked, completion: "bread." });
    writeFileSync(join(folder, "../d.jsonl"), `${row}\n${row.replace(asked, "hello.")}\n`);
    writeFileSync(
      join(folder, "../p.yaml"),
      `- { id: lunch, type: future, question: ${asked}, rules: { supports: [know], denies: [eat] } }\n`,
    );
    const { failed } = await sweep(localExecutor(1), {
      wait: async () => {
        throw new Error("waited");
      },
    });
    expect(failed.map(({ error }) => error)).toEqual([
      expect.stringMatching(
        /^1 of 2 training rows \(d\.jsonl\) say what the evaluation asks.*\n {2}d\.jsonl:1, exchange 1 says what probe unknowns\/lunch \(.*p\.yaml:1\) does/u,
      ),
    ]);
    expect(events.flatMap((event) => (event.type === "job" ? [event.final] : []))).toEqual([true]);
  });

  it("waits longer before each try, and not at all once it is stopped", async () => {
    const { sweep } = world();
    const pauses: number[] = [];
    const wait = async (ms: number) => void pauses.push(ms);
    const failing: Executor = async (jobs, { onOutcome }) => {
      for (const { hash } of jobs) onOutcome({ hash, status: "failed", error: "no memory" });
    };
    expect((await sweep(failing, { wait })).failed).toHaveLength(4);
    expect(pauses).toEqual([2_000, 8_000]);
    // By the clock the pause of 2 s would be followed by more tries; stopped while it waits, there is one alone.
    const controller = new AbortController();
    let tries = 0;
    const stoppedThen: Executor = async (jobs, options) => {
      tries += 1;
      await failing(jobs, options);
      setImmediate(() => controller.abort(new Error("interrupted")));
    };
    await sweep(stoppedThen, { wait: undefined, signal: controller.signal });
    expect(tries).toBe(1);
  });

  it("reports a cell that fails each time with its log, finishes the rest, and a rerun does only what is missing", async () => {
    const { sweep } = world();
    const calls: string[][] = [];
    const broken = pretend(calls, (job) => (nameOf(job) === "0.5/1" ? "no memory" : undefined));
    const result = await sweep(broken);
    expect(result.finished.map(nameOf)).toEqual(["0/1", "0/2", "0.5/2"]);
    expect(result.failed).toEqual([
      {
        job: expect.objectContaining({ axes: { "population.personas.biased": 0.5 } }),
        error: "no memory",
        log: expect.stringMatching(/run\.log$/),
      },
    ]);
    calls.length = 0;
    expect((await sweep(pretend(calls))).failed).toEqual([]);
    expect(calls).toEqual([["0.5/1"]]);
  });

  it("says so when it was interrupted, and does not try again", async () => {
    const { sweep } = world();
    const controller = new AbortController();
    let calls = 0;
    const result = await sweep(
      async (jobs, { onOutcome, signal }) => {
        calls += 1;
        controller.abort(new Error("interrupted"));
        expect(signal?.aborted).toBe(true);
        for (const { hash } of jobs) onOutcome({ hash, status: "interrupted" });
      },
      { signal: controller.signal },
    );
    expect(result).toMatchObject({ interrupted: true, finished: [], failed: [] });
    expect(calls).toBe(1);
  });

  it("does not mix runs that were begun with another model", async () => {
    const { sweep } = world();
    const other = pretend([], undefined, { "model minnow": "another" });
    // Noticed at once, as when a worker on another machine has another model, and whenever one goes on.
    await expect(sweep(other)).rejects.toThrow(/begun with other contents of model minnow/);
    await expect(sweep(pretend([]))).rejects.toThrow(/begun with other contents of model minnow/);
  });

  it("goes on with a mended file where no run has numbers of the one before, and else says what plays those anew", async () => {
    const { sweep, folder } = world();
    const old = { "model minnow": "another" };
    const first: string[] = [];
    // One fails before its training, one is stopped behind it, one is done, all with the file before; one is done with today's.
    const mixed =
      (statuses: readonly RunStatus[]): Executor =>
      async (jobs, { onOutcome }) => {
        for (const [at, job] of jobs.entries()) {
          const status = statuses[at]!;
          first.push(nameOf(job));
          const inputs = { ...(await inputsOf(job)), ...(at < 3 ? old : {}) };
          writeManifest(job.folder, job.scenario, { inputs, status });
          emptyRounds(job.folder, job.scenario);
          if (at === 0) rmSync(join(job.folder, "rounds/001"), { recursive: true });
          onOutcome(
            status === "done" ? { hash: job.hash, status } : { hash: job.hash, status: "interrupted" },
          );
        }
      };
    await expect(sweep(mixed(["failed", "interrupted", "done", "done"]))).rejects.toThrow(
      /^2 runs of the sweep, such as .*, were begun with other contents of model minnow and 1 of them are done; going on would mix the two\. Give the sweep's command again with --anew to play them from the start/u,
    );
    const calls: string[][] = [];
    await expect(sweep(pretend(calls))).rejects.toThrow("2 runs of the sweep");
    const { failed } = await sweep(pretend(calls), { anew: true });
    expect(failed).toEqual([]);
    // What is done with today's file stays.
    expect(calls).toEqual([first.slice(0, 3)]);
    expect(readdirSync(join(folder, "cells"))).toHaveLength(4);

    const alone = world();
    await alone.sweep(mixed(["failed", "failed", "failed", "failed"])).catch(() => {});
    for (const cell of readdirSync(join(alone.folder, "cells")))
      rmSync(join(alone.folder, "cells", cell, "rounds/001"), { recursive: true, force: true });
    calls.length = 0;
    await alone.sweep(pretend(calls));
    expect(calls[0]).toHaveLength(4);
  });

  it("refuses a second sweep on the same folder", async () => {
    const { sweep } = world();
    const second: Promise<unknown>[] = [];
    await sweep(async (jobs, hooks) => {
      second.push(sweep(pretend([])).catch((error: Error) => error.message));
      await second[0];
      await pretend([])(jobs, hooks);
    });
    expect(await second[0]).toMatch(/in use by process/);
  });
});
