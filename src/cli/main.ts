#!/usr/bin/env node
import { setMaxListeners } from "node:events";
import { neverSettled } from "../module-fault.js";
import { exitCode, reportFailure } from "./exit.js";
import { tell } from "./say.js";

const controller = new AbortController();
// Every worker and every call in flight listens to it; there is no leak to warn of.
setMaxListeners(0, controller.signal);

// A command without safe points writes each file whole or not at all, so it may be ended anywhere.
let hasSafePoints = false;
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    if (!hasSafePoints) {
      tell("candor: interrupted\n");
      process.exit(exitCode.interrupted);
    }
    tell("candor: stopping at the next safe point; once more stops at once\n");
    controller.abort(new Error("interrupted"));
  });
}

// `candor schema | head` closes the pipe early; that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(exitCode.done);
  throw error;
});

let told = false;
let ended = false;
/** Tells of the first failure; what follows from it adds nothing. */
function fail(error: unknown): void {
  if (told) return;
  told = true;
  process.exitCode = reportFailure(error, controller.signal, tell);
}

// A failure that nobody waits for is told in a sentence too, and ends the command.
for (const name of ["unhandledRejection", "uncaughtException"] as const) {
  process.on(name, (error: unknown) => {
    if (told) return;
    fail(error);
    process.exit();
  });
}

// Node would end with a code of its own, and without a word.
process.on("beforeExit", () => {
  if (ended) return;
  fail(neverSettled());
  process.exit();
});

try {
  // Loaded here, so that a failure to load is told in a sentence like any other.
  const { runCommandLine } = await import("./program.js");
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    signal: controller.signal,
    onGentle: () => {
      hasSafePoints = true;
    },
  });
  // It has told of its failure itself.
  told = process.exitCode !== exitCode.done;
} catch (error) {
  fail(error);
} finally {
  ended = true;
}
