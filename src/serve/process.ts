import { fork } from "node:child_process";
import type { EmbeddedSource } from "../models/index.js";
import { packageFile } from "../package-root.js";
import { outbox } from "./outbox.js";
import { type AskOptions, errorOf, openQuestions } from "./questions.js";
import type { FromWorker, Question, ToWorker } from "./worker.js";

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
  const questions = openQuestions(send);
  let closing = false;
  const ended = new Promise<void>((resolve) => {
    const leave = (how: string): void => {
      questions.close(closing ? "the server is closing" : `the engine's process ${how}; ask again`);
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
        else questions.receive(message);
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
    ask: questions.ask,
    end: async () => {
      closing = true;
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
