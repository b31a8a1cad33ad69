import { type ProcessSource, scoreInProcesses } from "./score-processes.js";
import type { Generator, ScoreRequest, ScoreResult } from "./types.js";

/** Multiplications and additions from which on processes of their own pay: opening the model takes each of them seconds. */
const WORTH = 1e13;
/** Copies of the model beyond which memory is better spent otherwise. */
const MOST_PROCESSES = 8;
/** What one copy takes, of its weights. */
const COPY = 1.3;

export type Copies = Omit<ProcessSource, "threads"> & {
  /** Cores there are. */
  threads: number;
  parameters: number;
  /** Always, whatever it costs; else where it pays and memory allows. */
  always: boolean;
};

type Task = {
  request: ScoreRequest;
  resolve: (result: ScoreResult) => void;
  reject: (reason: unknown) => void;
};

/**
 * A generator that does what another does, but has many texts that are scored at once read by processes with a model of their own, one
 * core each: cores that share every operation wait for each other. No result depends on it.
 */
export function withProcesses(generator: Generator, copies: Copies): Generator {
  let waiting: Task[] = [];
  let running: Promise<void> = Promise.resolve();
  let readTokens = 0;
  const { threads, parameters: _parameters, always: _always, ...source } = copies;
  const flush = async (): Promise<void> => {
    const tasks = waiting;
    waiting = [];
    const requests = tasks.map(({ request }) => request);
    const left = new Set(tasks);
    const count = processesFor(requests, copies);
    if (count > 1)
      await scoreInProcesses({ ...source, threads: Math.floor(threads / count) }, requests, {
        count,
        onScored: (index, result) => {
          left.delete(tasks[index]!);
          tasks[index]!.resolve(result);
        },
        onRead: (tokens) => {
          readTokens += tokens;
        },
      });
    // All of them where processes do not pay; else those that failed there, whose error is then told from here.
    await Promise.all(
      [...left].map(({ request, resolve, reject }) =>
        generator.score([request]).then(([result]) => resolve(result!), reject),
      ),
    );
  };
  const score = (request: ScoreRequest): Promise<ScoreResult> =>
    new Promise((resolve, reject) => {
      waiting.push({ request, resolve, reject });
      // Those asked for in the same turn of the event loop are looked at together.
      if (waiting.length === 1)
        setImmediate(() => {
          running = running.then(flush);
        });
    });
  return {
    ...generator,
    score: (requests) => Promise.all(requests.map(score)),
    statistics: () => {
      const own = generator.statistics();
      return { ...own, readTokens: own.readTokens + readTokens };
    },
    release: async () => {
      while (waiting.length > 0) await new Promise(setImmediate);
      await running;
      await generator.release();
    },
  };
}

function processesFor(requests: readonly ScoreRequest[], { threads, parameters, always }: Copies): number {
  if (always) return threads;
  if (threads < 2 || 2 * parameters * tokensOf(requests) < WORTH) return 1;
  // Half of it is left to whatever else goes on.
  const fitting = Math.floor(process.availableMemory() / 2 / (COPY * 4 * parameters));
  return Math.min(threads, MOST_PROCESSES, fitting);
}

/** Tokens to read at most: a prompt once for all answers that are asked of it one after the other. */
function tokensOf(requests: readonly ScoreRequest[]): number {
  return requests.reduce((sum, { prompt, completion }, index) => {
    const again = index > 0 && requests[index - 1]!.prompt === prompt;
    return sum + completion.length + (again ? 0 : prompt.length);
  }, 0);
}
