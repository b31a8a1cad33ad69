import { dirname } from "node:path";
import { keepHeapSmall } from "../heap.js";
import { FolderInUse, type RunEvent, run } from "../simulation/index.js";
import type { Job, JobOutcome } from "./types.js";

// A process that plays one job after another for its parent.

export type ToWorker = { type: "job"; job: Job } | { type: "abort" };
export type FromWorker = { type: "event"; event: RunEvent } | { type: "outcome"; outcome: JobOutcome };

let current = new AbortController();

process.on("message", (message: ToWorker) => {
  if (message.type === "abort") current.abort(new Error("interrupted"));
  else void play(message.job);
});
// The terminal sends Ctrl-C to the parent too, which then says what to do.
process.on("SIGINT", () => {});
// Without a parent nobody wants the results; what is on disk can be gone on from.
process.on("disconnect", () => process.exit(0));

async function play({ hash, scenario, scenarioPath, folder }: Job): Promise<void> {
  current = new AbortController();
  const { signal } = current;
  keepHeapSmall(scenario);
  try {
    await run(scenario, {
      folder,
      sharedFolder: dirname(folder),
      scenarioPath,
      threads: 1,
      signal,
      onEvent: (event) => tell({ type: "event", event }),
    });
    tell({ type: "outcome", outcome: { hash, status: "done" } });
  } catch (error) {
    const outcome: JobOutcome = signal.aborted
      ? { hash, status: "interrupted" }
      : { hash, status: "failed", error: (error as Error).message, inUse: error instanceof FolderInUse };
    tell({ type: "outcome", outcome });
  }
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
