import { parentPort } from "node:worker_threads";
import { UserError } from "../../errors.js";
import { type Tasks, tasks } from "./task.js";

/** A task by its name, with a number for its answer. */
export type Asked = { id: number; task: keyof Tasks; input: unknown };
/** `mistake`: the failure is of what the user gave, and its message is for people. */
export type Answered = { id: number } & ({ value: unknown } | { error: string; mistake: boolean });

parentPort?.on("message", async ({ id, task, input }: Asked) => {
  const run = tasks[task] as (input: unknown) => unknown;
  try {
    tell({ id, value: await run(input) });
  } catch (error) {
    tell({ id, error: (error as Error).message, mistake: error instanceof UserError });
  }
});

function tell(answer: Answered): void {
  parentPort?.postMessage(answer);
}
