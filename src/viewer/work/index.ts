import { Worker } from "node:worker_threads";
import { UserError } from "../../errors.js";
import { packageFile } from "../../package-root.js";
import type { Tasks } from "./task.js";
import type { Answered, Asked } from "./worker.js";

/** What takes long, in a thread of its own, so that the server goes on answering meanwhile. */
export type Work = {
  [Task in keyof Tasks]: (input: Parameters<Tasks[Task]>[0]) => Promise<Awaited<ReturnType<Tasks[Task]>>>;
} & { close: () => Promise<void> };

type Waiting = {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  /** Runs once the thread has begun with it. */
  timer?: NodeJS.Timeout;
};

/** A thread with what it was asked and has not answered: the end of one is no end of another's tasks. */
type Thread = { worker: Worker; waiting: Map<number, Waiting> };

/**
 * A thread that begins with its first task and does one after another. Where one takes more than `limitMs`, the thread is
 * stopped, and with it what waits; the next task gets another thread. What a task loads counts for nothing: it is the same
 * for all of them, and takes long on a busy machine.
 */
export function openWork(limitMs = Number.POSITIVE_INFINITY): Work {
  let present: Thread | undefined;
  let asked = 0;

  const begin = (): Thread => {
    const worker = new Worker(packageFile("dist/viewer/work/worker.js"));
    const waiting = new Map<number, Waiting>();
    const thread = { worker, waiting };
    worker.on("message", (answer: Answered) => {
      const task = waiting.get(answer.id);
      if (!task) return;
      if ("begun" in answer) {
        if (Number.isFinite(limitMs)) task.timer = setTimeout(() => void worker.terminate(), limitMs);
        return;
      }
      clearTimeout(task.timer);
      waiting.delete(answer.id);
      if (waiting.size === 0) worker.unref();
      if ("value" in answer) task.resolve(answer.value);
      else task.reject(answer.mistake ? new UserError(answer.error) : new Error(answer.error));
    });
    const end = (why: Error) => {
      if (present === thread) present = undefined;
      for (const { reject, timer } of waiting.values()) {
        clearTimeout(timer);
        reject(why);
      }
      waiting.clear();
    };
    worker.on("error", end);
    worker.on("exit", () => end(new Error("this was stopped before it was done")));
    return thread;
  };

  const ask = <T>(task: keyof Tasks, input: unknown): Promise<T> => {
    present ??= begin();
    const { worker, waiting } = present;
    asked += 1;
    const id = asked;
    return new Promise<T>((resolve, reject) => {
      waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
      worker.ref();
      worker.postMessage({ id, task, input } satisfies Asked);
    });
  };

  return {
    pool: (observations) => ask("pool", observations),
    summary: (place) => ask("summary", place),
    draft: (request) => ask("draft", request),
    close: async () => void (await present?.worker.terminate()),
  };
}
