import { setMaxListeners } from "node:events";
import { UserError } from "../errors.js";
import { ApiError } from "./errors.js";
import type { Failed, FromWorker, Question, ToWorker } from "./worker.js";

export type AskOptions = { signal?: AbortSignal; onText?: (piece: string) => void };

type Waiting = AskOptions & { resolve: (value: unknown) => void; reject: (reason: unknown) => void };

type About = Extract<FromWorker, { id: number }>;

/** What a process is asked and has not answered yet. */
type Questions = {
  ask: (question: Question, options: AskOptions) => Promise<unknown>;
  /** What the process tells of a question; of one that was dropped it finds nobody. */
  receive: (message: About) => void;
  /** Fails what waits, and whatever is asked from now on. */
  close: (why: string) => void;
};

export function openQuestions(send: (message: ToWorker) => void): Questions {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let gone: ApiError | null = null;
  return {
    ask: (question, { signal, onText }) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(gone);
        if (signal?.aborted) return reject(signal.reason);
        asked += 1;
        const id = asked;
        const drop = (): void => {
          send({ type: "drop", id });
          waiting.delete(id);
          reject(signal!.reason);
        };
        // A request for many choices listens once for each; there is no leak to warn of.
        if (signal) setMaxListeners(0, signal);
        signal?.addEventListener("abort", drop, { once: true });
        const done =
          <V>(settle: (value: V) => void) =>
          (value: V): void => {
            signal?.removeEventListener("abort", drop);
            settle(value);
          };
        waiting.set(id, { resolve: done(resolve), reject: done(reject), onText });
        send({ type: "ask", id, question });
      }),
    receive: (message) => {
      const { id } = message;
      const asker = waiting.get(id);
      if (!asker) return;
      if (message.type === "text") {
        asker.onText?.(message.piece);
        return;
      }
      waiting.delete(id);
      if (message.type === "answer") asker.resolve(message.value);
      else asker.reject(errorOf(message));
    },
    close: (why) => {
      gone = new ApiError(why, { status: 503 });
      for (const { reject } of waiting.values()) reject(gone);
      waiting.clear();
    },
  };
}

export function errorOf({ message, mistake }: Failed): Error {
  return mistake ? new UserError(message) : new Error(`in the engine's process: ${message}`);
}
