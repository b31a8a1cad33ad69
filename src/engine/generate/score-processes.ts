import { fork } from "node:child_process";
import { packageFile } from "../../package-root.js";
import { AS_TREES } from "./score-tasks.js";
import type { ScoreRequest, ScoreResult } from "./types.js";

/** What a process opens. */
export type ProcessSource = { dir: string; adapter: string | null; threads: number; trees?: boolean };
export type ToProcess = ProcessSource | { requests: readonly ScoreRequest[] };
/** In the order of the requests; null for one that failed. */
export type FromProcess = { results: (ScoreResult | null)[]; readTokens: number };

/** No more than such a process scores at once: the same texts then stand beside each other, and share their beginnings. */
const MOST_AT_ONCE = AS_TREES;
/** Handfuls for each process, so that none is long idle at the end. */
const LEAST_HANDFULS = 4;

/**
 * Scores texts in `count` processes that each hold the model, and ends them. `onScored` is told of each text that was scored; one that
 * failed, and those of a process that failed, are left to the caller.
 */
export async function scoreInProcesses(
  source: ProcessSource,
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
  source: ProcessSource,
  take: () => { from: number; some: ScoreRequest[] },
  { onScored, onRead }: Told,
): Promise<void> {
  // The built file also when this module runs from source, as it does under vitest: Node cannot run TypeScript. Threads would do, but
  // ONNX Runtime ends the whole process where one of its threads is stopped in the middle of a run.
  const child = fork(packageFile("dist/engine/generate/score-process.js"), [], {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    // JSON would lose log-probabilities of minus infinity.
    serialization: "advanced",
  });
  const send = (message: ToProcess): boolean => child.connected && child.send(message, () => {});
  const ended = new Promise<null>((resolve) => {
    // For whatever reason: what it does not answer is asked elsewhere, and said there.
    child.once("error", () => resolve(null));
    child.once("exit", () => resolve(null));
  });
  send(source);
  for (let handful = take(); handful.some.length > 0; handful = take()) {
    const answered = new Promise<FromProcess>((resolve) => child.once("message", resolve));
    send({ requests: handful.some });
    const answer = await Promise.race([answered, ended]);
    if (answer === null) return;
    onRead(answer.readTokens);
    for (const [index, result] of answer.results.entries())
      if (result) onScored(handful.from + index, result);
  }
  if (child.connected) child.disconnect();
  await ended;
}
