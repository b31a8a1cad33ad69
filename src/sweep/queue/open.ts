import { UserError } from "../../errors.js";
import type { Executor } from "../types.js";
import { queueAddress } from "./address.js";

// The clients of Redis take as long to load as the rest of a small command: they are loaded by those who use a queue. They do
// not come with candor, as one of their parts has an install script: everybody would get it, and few have a queue.

/**
 * Runs jobs on the `candor worker`s of a Redis queue, on any number of machines. Jobs that an earlier call left in the
 * queue, or that workers play already, are not added again. Throws UserError if the queue cannot be reached.
 */
export function queueExecutor(...given: Parameters<typeof import("./executor.js").queueExecutor>): Executor {
  // What is wrong with an address is told at once.
  queueAddress(given[0]);
  return async (jobs, hooks) =>
    await (await loaded(() => import("./executor.js"))).queueExecutor(...given)(jobs, hooks);
}

/** Plays cells of any sweep of a Redis queue until it is told to stop. Throws UserError if the queue cannot be reached. */
export async function serveQueue(
  ...given: Parameters<typeof import("./worker.js").serveQueue>
): Promise<void> {
  await (await loaded(() => import("./worker.js"))).serveQueue(...given);
}

/** What `load` imports. Throws a UserError that says what to install where a client of Redis is absent. */
export async function loaded<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!/Cannot find (?:package|module) '(?:bullmq|ioredis)'/u.test((error as Error).message)) throw error;
    throw new UserError(
      "--queue: BullMQ, the client of Redis queues, does not come with candor; beside candor, npm install bullmq@6",
    );
  }
}
