import { fork } from "node:child_process";
import { setMaxListeners } from "node:events";
import { UserError } from "../errors.js";
import type { EmbeddedSource } from "../models/index.js";
import { packageFile } from "../package-root.js";
import { ApiError } from "./errors.js";
import { outbox } from "./outbox.js";
import type { Failed, FromWorker, Question, ToWorker } from "./worker.js";

/** A process that holds models and answers questions about them. */
export type EngineProcess = {
  /** The models' longest texts in tokens. */
  contexts: readonly number[];
  ask: (question: Question, options: AskOptions) => Promise<unknown>;
  /** Ends it; what was asked fails. */
  end: () => Promise<void>;
  /** Settled once it has ended, for whatever reason. */
  ended: Promise<void>;
};

export type AskOptions = { signal?: AbortSignal; onText?: (piece: string) => void };

type Waiting = AskOptions & { resolve: (value: unknown) => void; reject: (reason: unknown) => void };

/**
 * A worker has one core. What the engine makes at every step lies outside of the heap and has V8 mark it again and again, on other
 * cores if it may: a fifth of all processor time. Marked in one go, the small heap takes a few milliseconds now and then.
 */
const COLLECT_ALONE = ["--single-threaded-gc", "--no-incremental-marking"];

/** Until it ends by itself once it is told to; a step of a small model takes milliseconds. */
const PATIENCE_MS = 5_000;

/** Starts a process and waits until it has opened the models. Throws what opening them threw. */
export async function startProcess(sources: readonly EmbeddedSource[]): Promise<EngineProcess> {
  // The built file also when this module runs from source, as it does under vitest: Node cannot run TypeScript.
  const child = fork(packageFile("dist/serve/worker.js"), [], {
    execArgv: [...process.execArgv, ...COLLECT_ALONE],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    // JSON would lose log-probabilities of minus infinity.
    serialization: "advanced",
  });
  // A message to a process that is just dying is lost; its `exit` tells what became of it.
  const send = outbox<ToWorker>((parcel) => child.connected && child.send(parcel, () => {}));
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let closing = false;
  let gone: ApiError | null = null;
  const ended = new Promise<void>((resolve) => {
    const leave = (how: string): void => {
      const why = closing ? "the server is closing" : `the engine's process ${how}; ask again`;
      gone = new ApiError(why, { status: 503 });
      for (const { reject } of waiting.values()) reject(gone);
      waiting.clear();
      resolve();
    };
    child.once("exit", (code, killedBy) =>
      leave(killedBy ? `was killed by ${killedBy}` : `ended with code ${code}`),
    );
    child.once("error", ({ message }) => leave(`failed: ${message}`));
  });
  const contexts = await new Promise<number[]>((resolve, reject) => {
    child.on("message", (parcel: FromWorker[]) => {
      for (const message of parcel) {
        if (message.type === "opened") resolve(message.contexts);
        else if (message.type === "broken") reject(errorOf(message));
        else receive(message, waiting);
      }
    });
    void ended.then(() => reject(new Error("the engine's process ended before it had opened its models")));
    send({ type: "open", sources: [...sources] });
  }).catch(async (error: unknown) => {
    child.kill();
    await ended;
    throw error;
  });

  return {
    contexts,
    ended,
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
    end: async () => {
      closing = true;
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

type About = Extract<FromWorker, { id: number }>;

/** What is told of a question that was dropped finds nobody. */
function receive(message: About, waiting: Map<number, Waiting>): void {
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
}

function errorOf({ message, mistake }: Failed): Error {
  return mistake ? new UserError(message) : new Error(`in the engine's process: ${message}`);
}
