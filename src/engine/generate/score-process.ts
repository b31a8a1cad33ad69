import { openGenerator } from "./generator.js";
import type { FromProcess, ToProcess } from "./score-processes.js";
import type { Generator } from "./types.js";

// A process that scores for another, with a model of its own.

let opened: Promise<Generator> | undefined;

/** Fails only where the other has gone, and this process with it. */
const tell = (message: FromProcess): void => void process.send!(message, () => {});

process.on("message", async (message: ToProcess) => {
  if ("dir" in message) {
    const { dir, ...options } = message;
    opened = openGenerator(dir, { ...options, inProcesses: false });
    // What cannot be opened is opened again where it is told.
    opened.catch(() => process.exit(1));
    return;
  }
  const generator = await opened!;
  const before = generator.statistics().readTokens;
  const scored = await Promise.allSettled(message.requests.map((request) => generator.score([request])));
  tell({
    results: scored.map((one) => (one.status === "fulfilled" ? one.value[0]! : null)),
    readTokens: generator.statistics().readTokens - before,
  });
});
// The terminal sends Ctrl-C to the other process too, which ends this one.
process.on("SIGINT", () => {});
// Nobody is left who wants the answers.
process.on("disconnect", () => process.exit(0));
