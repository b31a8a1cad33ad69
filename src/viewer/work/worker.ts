import { parentPort } from "node:worker_threads";
import { type Tasks, tasks } from "./task.js";

/** A task by its name, with a number for its answer. */
export type Asked = { id: number; task: keyof Tasks; input: unknown };
export type Answered = { id: number } & ({ value: unknown } | { error: string });

parentPort?.on("message", async ({ id, task, input }: Asked) => {
  const run = tasks[task] as (input: unknown) => unknown;
  try {
    tell({ id, value: await run(input) });
  } catch (error) {
    tell({ id, error: (error as Error).message });
  }
});

function tell(answer: Answered): void {
  parentPort?.postMessage(answer);
}
