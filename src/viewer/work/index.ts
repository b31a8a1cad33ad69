import { Worker } from "node:worker_threads";
import { UserError } from "../../errors.js";
import { packageFile } from "../../package-root.js";
import type { Tasks } from "./task.js";
import type { Answered, Asked } from "./worker.js";

/** What takes long, in a thread of its own, so that the server goes on answering meanwhile. */
export type Work = {
  [Task in keyof Tasks]: (input: Parameters<Tasks[Task]>[0]) => Promise<Awaited<ReturnType<Tasks[Task]>>>;
} & { close: () => Promise<void> };

type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/**
 * A thread that begins with its first task and does one after another. Where one takes more than `limitMs`, the thread is
 * stopped, and with it what waits; the next task gets another thread.
 */
export function openWork(limitMs = Number.POSITIVE_INFINITY): Work {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let asked = 0;

  const begin = (): Worker => {
    const thread = new Worker(packageFile("dist/viewer/work/worker.js"));
    thread.on("message", (answer: Answered) => {
      const { resolve, reject } = waiting.get(answer.id)!;
      waiting.delete(answer.id);
      if (waiting.size === 0) thread.unref();
      if ("value" in answer) resolve(answer.value);
      else reject(answer.mistake ? new UserError(answer.error) : new Error(answer.error));
    });
    const end = (why: Error) => {
      if (worker === thread) worker = undefined;
      for (const { reject } of waiting.values()) reject(why);
      waiting.clear();
    };
    thread.on("error", end);
    thread.on("exit", () => end(new Error("this was stopped before it was done")));
    return thread;
  };

  const ask = async <T>(task: keyof Tasks, input: unknown): Promise<T> => {
    worker ??= begin();
    const thread = worker;
    asked += 1;
    const id = asked;
    const timer = Number.isFinite(limitMs) ? setTimeout(() => void thread.terminate(), limitMs) : undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
        thread.ref();
        thread.postMessage({ id, task, input } satisfies Asked);
      });
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    pool: (observations) => ask("pool", observations),
    summary: (place) => ask("summary", place),
    draft: (request) => ask("draft", request),
    close: async () => void (await worker?.terminate()),
  };
}
