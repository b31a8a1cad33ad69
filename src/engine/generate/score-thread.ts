import { parentPort, workerData } from "node:worker_threads";
import { openGenerator } from "./generator.js";
import type { FromThread, ThreadSource, ToThread } from "./score-threads.js";

// A thread that scores for a process, with a model of its own.

const { dir, ...options } = workerData as ThreadSource;
const port = parentPort!;
const tell = (message: FromThread): void => port.postMessage(message);
const opened = await openGenerator(dir, { ...options, inThreads: false });

port.on("message", async (requests: ToThread) => {
  const before = opened.statistics().readTokens;
  const scored = await Promise.allSettled(requests.map((request) => opened.score([request])));
  tell({
    results: scored.map((one) => (one.status === "fulfilled" ? one.value[0]! : null)),
    readTokens: opened.statistics().readTokens - before,
  });
});
