import { dirname, join } from "node:path";
import { expandSweep } from "../src/scenario/index.js";
import { gridFilter, loadGrid, sweepHash } from "../src/sweep/index.js";
import { doneJobs, jobsOf } from "../src/sweep/jobs.js";
import { newWorld } from "../test/sweep/cells.js";

/** Planning a grid of 10,000 cells and taking a hundredth of it: processor time, as tests share the machine. */
export default async function bench() {
  const file = join(newWorld("bench-planning"), "cells.yaml");
  const before = process.cpuUsage();
  const { scenario, path } = loadGrid(file, {
    vary: ["population.personas.biased=0..0.99:0.01", "training.learning_rate=0.001..0.1:0.001"],
  });
  const left = expandSweep(scenario).filter(gridFilter(["biased=0.5"], scenario));
  const hash = sweepHash(scenario);
  const done = await doneJobs(jobsOf(scenario, join(dirname(file), "none"), path), null);
  const { user, system } = process.cpuUsage(before);
  const seconds = Math.round((user + system) / 1e4) / 100;
  return {
    name: `planning 10,000 cells (${hash})`,
    rows: [{ cells: left.length, done: done.size, seconds }],
  };
}
