import { slurmLogs } from "../../runs/index.js";
import { shellWord } from "../../shell-word.js";

/** The most tasks of an array: Slurm's own default limit is 1,001. Larger grids give each task several cells. */
const MOST_TASKS = 1_000;

export type ScriptOptions = {
  name: string;
  /** The sweep's folder, absolute: all nodes must see it under this path. */
  folder: string;
  /** The command line of candor: interpreter and program. */
  program: readonly string[];
  cells: number;
  /** Cells that are not done yet. */
  left: number;
  /** The most tasks that run at once; as many as Slurm starts if absent. */
  atOnce?: number;
  /** Passed on to Slurm as they are, e.g. `--partition=cpu`; they win over ours. */
  options: readonly string[];
};

/** How many tasks the array has. */
function taskCount(cells: number): number {
  return Math.min(cells, MOST_TASKS);
}

/** How many tasks can be at work at the same time: a task without a cell that is left ends at once. */
function working({ cells, left, atOnce = Number.POSITIVE_INFINITY }: ScriptOptions): number {
  return Math.max(1, Math.min(taskCount(cells), left, atOnce));
}

/**
 * The batch script of the array: each task plays its share of the cells, at its share of every server's rate. It is told 60 s before its time is over, stops
 * cleanly, and a task of a lost node is queued again.
 */
export function arrayScript(options: ScriptOptions): string {
  const { name, folder, program, cells, atOnce } = options;
  const tasks = taskCount(cells);
  return script(
    [
      `--job-name=candor-${name}`,
      `--array=0-${tasks - 1}${atOnce === undefined ? "" : `%${atOnce}`}`,
      `--output=${shellWord(slurmLogs(folder).task)}`,
      "--open-mode=append",
      "--requeue",
      "--signal=B:TERM@60",
      ...options.options,
    ],
    [...program, "cells", folder, "--at-once", String(working(options)), "--share"],
    `"$SLURM_ARRAY_TASK_ID/${tasks}"`,
  );
}

/** The batch script of the job that comes after all tasks, whatever became of them. */
export function collectScript(options: ScriptOptions): string {
  const { name, folder, program } = options;
  return script(
    [
      `--job-name=candor-${name}-collect`,
      `--output=${shellWord(slurmLogs(folder).collect)}`,
      "--open-mode=append",
      ...options.options,
    ],
    [...program, "sweep", "--collect", folder],
  );
}

function script(options: readonly string[], command: readonly string[], rest = ""): string {
  const lines = options.map((option) => `#SBATCH ${option}`);
  return ["#!/bin/bash", ...lines, `exec ${command.map(shellWord).join(" ")} ${rest}`.trimEnd(), ""].join(
    "\n",
  );
}
