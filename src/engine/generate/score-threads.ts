import { Worker } from "node:worker_threads";
import { packageFile } from "../../package-root.js";
import type { ScoreRequest, ScoreResult } from "./types.js";

/** What a thread opens. */
export type ThreadSource = { dir: string; adapter: string | null; threads: number; trees?: boolean };
export type ToThread = readonly ScoreRequest[];
/** In the order of the requests; null for one that failed. */
export type FromThread = { results: (ScoreResult | null)[]; readTokens: number };

/** As many as a process of its own takes at once: the same texts then stand beside each other, and share their beginnings. */
const MOST_AT_ONCE = 768;
/** Handfuls for each thread, so that none is long idle at the end. */
const LEAST_HANDFULS = 4;

/**
 * Scores texts in `count` threads that each hold the model, and ends them. `onScored` is told of each text that was scored; one that
 * failed, and those of a thread that failed, are left to the caller.
 */
export async function scoreInThreads(
  source: ThreadSource,
  requests: readonly ScoreRequest[],
  { count, ...told }: { count: number } & Told,
): Promise<void> {
  const size = Math.min(MOST_AT_ONCE, Math.ceil(requests.length / (count * LEAST_HANDFULS)));
  let next = 0;
  const take = (): { from: number; some: ScoreRequest[] } => {
    const from = next;
    next = Math.min(next + size, requests.length);
    return { from, some: requests.slice(from, next) };
  };
  await Promise.all(Array.from({ length: count }, () => lane(source, take, told)));
}

type Told = {
  onScored: (index: number, result: ScoreResult) => void;
  /** Tokens that were read for them. */
  onRead: (tokens: number) => void;
};

async function lane(
  source: ThreadSource,
  take: () => { from: number; some: ScoreRequest[] },
  { onScored, onRead }: Told,
): Promise<void> {
  // The built file also when this module runs from source, as it does under vitest: Node cannot run TypeScript.
  const file = packageFile("dist/engine/generate/score-thread.js");
  const thread = new Worker(file, { workerData: source, execArgv: [] });
  const ended = new Promise<null>((resolve) => {
    // For whatever reason: what it does not answer is asked elsewhere, and said there.
    thread.on("error", () => resolve(null));
    thread.on("exit", () => resolve(null));
  });
  try {
    for (let handful = take(); handful.some.length > 0; handful = take()) {
      const answered = new Promise<FromThread>((resolve) => thread.once("message", resolve));
      thread.postMessage(handful.some satisfies ToThread);
      const answer = await Promise.race([answered, ended]);
      if (answer === null) return;
      onRead(answer.readTokens);
      for (const [index, result] of answer.results.entries())
        if (result) onScored(handful.from + index, result);
    }
  } finally {
    await thread.terminate();
  }
}
