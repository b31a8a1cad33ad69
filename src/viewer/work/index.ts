import { Worker } from "node:worker_threads";
import { packageFile } from "../../package-root.js";
import type { Tasks } from "./task.js";
import type { Answered, Asked } from "./worker.js";

/** Statistics in a thread of their own, so that the server goes on answering meanwhile. */
export type Work = {
  [Task in keyof Tasks]: (input: Parameters<Tasks[Task]>[0]) => Promise<Awaited<ReturnType<Tasks[Task]>>>;
} & { close: () => Promise<void> };

type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/** The thread begins with the first task. Tasks are done one after another. */
export function openWork(): Work {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let asked = 0;

  const begin = (): Worker => {
    const thread = new Worker(packageFile("dist/viewer/work/worker.js"));
    thread.unref();
    thread.on("message", (answer: Answered) => {
      const { resolve, reject } = waiting.get(answer.id)!;
      waiting.delete(answer.id);
      if (waiting.size === 0) thread.unref();
      if ("error" in answer) reject(new Error(answer.error));
      else resolve(answer.value);
    });
    const end = (why: string) => {
      worker = undefined;
      for (const { reject } of waiting.values()) reject(new Error(why));
      waiting.clear();
    };
    thread.on("error", (error) => end(error.message));
    thread.on("exit", () => end("the statistics were stopped"));
    return thread;
  };

  const ask = <T>(task: keyof Tasks, input: unknown): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      asked += 1;
      worker ??= begin();
      worker.ref();
      waiting.set(asked, { resolve: resolve as Waiting["resolve"], reject });
      worker.postMessage({ id: asked, task, input } satisfies Asked);
    });

  return {
    pool: (observations) => ask("pool", observations),
    summary: (folder) => ask("summary", folder),
    close: async () => void (await worker?.terminate()),
  };
}
