import { parentPort } from "node:worker_threads";
import { UserError } from "../../errors.js";
import { loaders, type Tasks } from "./task.js";

/** A task by its name, with a number for its answer. */
export type Asked = { id: number; task: keyof Tasks; input: unknown };
/** `begun`: all that the task needs is loaded. `mistake`: the failure is of what the user gave, and its message is for people. */
export type Answered = { id: number } & (
  | { begun: true }
  | { value: unknown }
  | { error: string; mistake: boolean }
);

parentPort?.on("message", async ({ id, task, input }: Asked) => {
  try {
    const run = (await loaders[task]()) as (input: unknown) => unknown;
    tell({ id, begun: true });
    tell({ id, value: await run(input) });
  } catch (error) {
    tell({ id, error: (error as Error).message, mistake: error instanceof UserError });
  }
});

function tell(answer: Answered): void {
  parentPort?.postMessage(answer);
}
