import { writeSync } from "node:fs";
import { dirname } from "node:path";
import { allowedHere, setting } from "../environment.js";
import { FatalMistake } from "../errors.js";
import type { RateLimiter } from "../models/index.js";
import { gpusOf } from "../program/index.js";
import { FolderInUse } from "../runs/index.js";
import { baseResults, type RunEvent, run } from "../simulation/index.js";
import { compileLate, keepHeapSmall } from "../v8.js";
import type { Job, JobOutcome } from "./types.js";

// A process that plays one job after another for its parent.

export type ToWorker =
  | { type: "job"; job: Job }
  | { type: "abort" }
  /** The answer to a question of that number. */
  | { type: "rate"; id: number; ms: number };
export type FromWorker =
  | { type: "event"; event: RunEvent }
  | { type: "outcome"; outcome: JobOutcome }
  | ({ type: "rate"; id: number; server: string } & ({ everyMs: number } | { coolDownMs: number }));

compileLate();

const shared = baseResults();

let current = new AbortController();

process.on("message", (message: ToWorker) => {
  if (message.type === "abort") current.abort(new Error("interrupted"));
  else if (message.type === "job") void play(message.job);
  else {
    asked.get(message.id)?.(message.ms);
    asked.delete(message.id);
  }
});
// The parent tells the last line of what this process says at its end; Node's own last line is its version.
for (const name of ["unhandledRejection", "uncaughtException"] as const) {
  process.on(name, (error: unknown) => {
    const { message } = error instanceof Error ? error : new Error(String(error));
    writeSync(process.stderr.fd, `${message.replaceAll("\n", " ")}\n`);
    process.exit(1);
  });
}
// The terminal sends Ctrl-C to the parent too, which then says what to do.
process.on("SIGINT", () => {});
// Without a parent nobody wants the results; what is on disk can be gone on from.
process.on("disconnect", () => process.exit(0));

const asked = new Map<number, (ms: number) => void>();
let questions = 0;

/** The limiter that the parent keeps for all its workers. */
const rateLimiter: RateLimiter = {
  acquire: (server, everyMs) => ask({ server, everyMs }),
  coolDown: async (server, coolDownMs) => void (await ask({ server, coolDownMs })),
};

function ask(what: { server: string } & ({ everyMs: number } | { coolDownMs: number })): Promise<number> {
  questions += 1;
  const id = questions;
  return new Promise((resolve) => {
    asked.set(id, resolve);
    tell({ type: "rate", id, ...what });
  });
}

async function play({ hash, scenario, scenarioPath, folder }: Job): Promise<void> {
  current = new AbortController();
  const { signal } = current;
  keepHeapSmall(scenario);
  try {
    await run(scenario, {
      folder,
      sharedFolder: dirname(folder),
      scenarioPath,
      // Whoever started this process put them there.
      permissions: allowedHere(),
      gpus: gpusOf(setting.CANDOR_GPUS(), setting.CANDOR_TRAINERS_PER_GPU()),
      threads: 1,
      signal,
      rateLimiter,
      baseResults: shared,
      onEvent: (event) => tell({ type: "event", event }),
    });
    tell({ type: "outcome", outcome: { hash, status: "done" } });
  } catch (error) {
    const outcome: JobOutcome = signal.aborted
      ? { hash, status: "interrupted" }
      : {
          hash,
          status: "failed",
          error: (error as Error).message,
          inUse: error instanceof FolderInUse,
          fatal: error instanceof FatalMistake,
        };
    tell({ type: "outcome", outcome });
  }
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
