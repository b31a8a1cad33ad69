import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeFolder, readManifest, runPaths } from "../../src/runs/index.js";
import { expandSweep, loadScenario } from "../../src/scenario/index.js";
import type { Executor, Job, JobOutcome } from "../../src/sweep/index.js";
import { newWorld } from "./cells.js";

/** What every executor of a sweep is held to. */
export function executorContract(makeExecutor: () => Executor | Promise<Executor>): void {
  const world = newWorld("executor");

  it("plays every job, tells of each once, and leaves it done in its folder", async () => {
    const { folder, jobs } = await jobsIn(world, "first");
    const { outcomes, events } = await play(await makeExecutor(), folder, jobs);
    expect(outcomes.sort(byHash)).toEqual(jobs.map(({ hash }) => ({ hash, status: "done" })).sort(byHash));
    for (const { hash, folder } of jobs) {
      expect(await readManifest(runPaths(folder))).toMatchObject({ hash, status: "done" });
      expect(events.filter((event) => event === `${hash} end`)).toHaveLength(1);
    }
  });

  it("takes jobs again that are done, and tells of a bad one beside a good one", async () => {
    const { folder, jobs } = await jobsIn(world, "first");
    const [good, other] = jobs as [Job, Job];
    const bad = { ...other, hash: "0bad0bad00", folder: join(folder, "a file", "0bad0bad00") };
    writeFileSync(join(folder, "a file"), "");
    const { outcomes } = await play(await makeExecutor(), folder, [bad, good]);
    expect(outcomes).toHaveLength(2);
    expect(outcomes).toContainEqual({ hash: good.hash, status: "done" });
    expect(outcomes.find(({ hash }) => hash === bad.hash)).toMatchObject({
      status: "failed",
      error: expect.stringContaining("cannot be made or written"),
    });
  });

  it("stops cleanly, and goes on with what it did not finish", async () => {
    const { folder, jobs } = await jobsIn(world, "second");
    const controller = new AbortController();
    const { outcomes } = await play(await makeExecutor(), folder, jobs, {
      signal: controller.signal,
      onEvent: () => controller.abort(new Error("interrupted")),
    });
    expect(outcomes.map(({ hash }) => hash).sort()).toEqual(jobs.map(({ hash }) => hash).sort());
    const left = jobs.filter((job) =>
      outcomes.some(({ hash, status }) => hash === job.hash && status === "interrupted"),
    );
    expect(left.length).toBeGreaterThan(0);
    const again = await play(await makeExecutor(), folder, left);
    expect(again.outcomes.map(({ status }) => status)).toEqual(left.map(() => "done"));
  });
}

async function jobsIn(world: string, name: string): Promise<{ folder: string; jobs: Job[] }> {
  const { scenario, path } = loadScenario(join(world, "cells.yaml"));
  const folder = join(world, name);
  await makeFolder(folder);
  const jobs = expandSweep(scenario).map(({ hash, scenario, axes }) => ({
    hash,
    scenario,
    axes,
    scenarioPath: path,
    folder: join(folder, "cells", hash),
  }));
  return { folder, jobs };
}

async function play(
  executor: Executor,
  folder: string,
  jobs: readonly Job[],
  more: { signal?: AbortSignal; onEvent?: () => void } = {},
): Promise<{ outcomes: JobOutcome[]; events: string[] }> {
  const outcomes: JobOutcome[] = [];
  const events: string[] = [];
  await executor(jobs, {
    folder,
    signal: more.signal,
    onEvent: (hash, event) => {
      events.push(`${hash} ${event.type}`);
      more.onEvent?.();
    },
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  return { outcomes, events };
}

const byHash = (a: { hash: string }, b: { hash: string }): number => (a.hash < b.hash ? -1 : 1);
