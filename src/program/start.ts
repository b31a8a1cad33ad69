import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { inherited } from "../environment.js";
import { UserError } from "../errors.js";
import { reasonOf } from "../file-trouble.js";

export type StartOptions = {
  /** Working folder; this process's own if absent. */
  cwd?: string;
  /** Added to the environment. */
  env?: Readonly<Record<string, string>>;
  /** Told of every line of its output. Where it throws, the program is killed, and `ended` rejects with that. */
  onLine?: (line: string) => void;
  /** Its input and output are this process's own; it has no lines then. */
  shown?: boolean;
  /**
   * In a group of its own, which ends with it: no process that it started is left, and a terminal's Ctrl-C reaches it only through
   * `signal` and `stop`.
   */
  group?: boolean;
};

/** A program that was started. */
export type Running = {
  /** Exit code; null where a signal ended it. Rejects with a UserError if the program cannot be started. */
  ended: Promise<number | null>;
  /** Its last lines, for messages. */
  tail: () => string;
  /** Passes a signal on. */
  signal: (name: NodeJS.Signals) => void;
  /** Asks it to end and, ten seconds later, makes it. */
  stop: () => Promise<void>;
};

const TAIL_LINES = 40;
const PATIENCE_MS = 10_000;

/** Starts a program with its arguments as they are: no shell reads them. */
export function startProgram(
  argv: readonly string[],
  { cwd, env, onLine, shown = false, group = false }: StartOptions = {},
): Running {
  const [program, ...rest] = argv;
  if (program === undefined) throw new Error("a command line needs a program");
  const child = spawn(program, rest, {
    cwd,
    env: inherited(env),
    stdio: shown ? "inherit" : ["ignore", "pipe", "pipe"],
    shell: false,
    detached: group,
  });
  const lines: string[] = [];
  /** What became of listening, where that failed. */
  let deaf: unknown;
  const whole = (): void => void (group ? killGroup(child) : child.kill("SIGKILL"));
  const listen = (line: string): void => {
    if (line.trim() === "") return;
    lines.push(line);
    if (lines.length > TAIL_LINES) lines.shift();
    try {
      onLine?.(line);
    } catch (error) {
      // Thrown from here it would end this process.
      deaf ??= error;
      whole();
    }
  };
  for (const stream of [child.stdout, child.stderr])
    if (stream) createInterface({ input: stream }).on("line", listen);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        new UserError(
          error.code === "ENOENT"
            ? `${program}: no such program; install it, put it on PATH or name it with its path`
            : `${program} cannot be started: ${reasonOf(error)}`,
        ),
      ),
    );
    child.on("close", (code) => (deaf === undefined ? resolve(code) : reject(deaf)));
  });
  // What it started holds its output open, so that it would not be closed before they end.
  if (group) child.on("exit", whole);
  // Whoever waits for it is told; until then it must not end the process.
  ended.catch(() => {});
  process.once("exit", whole);
  void ended.finally(() => process.off("exit", whole)).catch(() => {});
  return {
    ended,
    tail: () => lines.join("\n"),
    signal: (name) => void child.kill(name),
    stop: () => stop(child, ended, whole),
  };
}

async function stop(child: ChildProcess, ended: Promise<unknown>, kill: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = setTimeout(kill, PATIENCE_MS);
  await ended.catch(() => {});
  clearTimeout(timer);
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}
