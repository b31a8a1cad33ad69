import type { Executor } from "../types.js";
import { queueAddress } from "./address.js";

// The clients of Redis take as long to load as the rest of a small command: they are loaded by those who use a queue.

/**
 * Runs jobs on the `candor worker`s of a Redis queue, on any number of machines. Jobs that an earlier call left in the
 * queue, or that workers play already, are not added again. Throws UserError if the queue cannot be reached.
 */
export function queueExecutor(...given: Parameters<typeof import("./executor.js").queueExecutor>): Executor {
  // What is wrong with an address is told at once.
  queueAddress(given[0]);
  return async (jobs, hooks) => await (await import("./executor.js")).queueExecutor(...given)(jobs, hooks);
}

/** Plays cells of any sweep of a Redis queue until it is told to stop. Throws UserError if the queue cannot be reached. */
export async function serveQueue(
  ...given: Parameters<typeof import("./worker.js").serveQueue>
): Promise<void> {
  await (await import("./worker.js")).serveQueue(...given);
}
