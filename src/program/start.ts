import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { UserError } from "../errors.js";

export type StartOptions = {
  /** Working folder; this process's own if absent. */
  cwd?: string;
  /** Added to the environment. */
  env?: Readonly<Record<string, string>>;
  /** Told of every line of its output. */
  onLine?: (line: string) => void;
};

/** A program that was started. */
export type Running = {
  /** Exit code; null where a signal ended it. Rejects with a UserError if the program cannot be started. */
  ended: Promise<number | null>;
  /** Its last lines, for messages. */
  tail: () => string;
  /** Asks it to end and, ten seconds later, makes it. */
  stop: () => Promise<void>;
};

const TAIL_LINES = 40;
const PATIENCE_MS = 10_000;

/** Starts a program with its arguments as they are: no shell reads them. */
export function startProgram(argv: readonly string[], { cwd, env, onLine }: StartOptions = {}): Running {
  const [program, ...rest] = argv;
  if (program === undefined) throw new Error("a command line needs a program");
  const child = spawn(program, rest, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    shell: false,
  });
  const lines: string[] = [];
  const listen = (line: string): void => {
    if (line.trim() === "") return;
    lines.push(line);
    if (lines.length > TAIL_LINES) lines.shift();
    onLine?.(line);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", listen);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        new UserError(
          error.code === "ENOENT"
            ? `${program}: no such program; install it, put it on PATH or name it with its path`
            : `${program} cannot be started: ${error.message}`,
        ),
      ),
    );
    child.on("close", (code) => resolve(code));
  });
  // Whoever waits for it is told; until then it must not end the process.
  ended.catch(() => {});
  const orphan = (): void => void child.kill("SIGKILL");
  process.once("exit", orphan);
  void ended.finally(() => process.off("exit", orphan)).catch(() => {});
  return { ended, tail: () => lines.join("\n"), stop: () => stop(child, ended) };
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await ended.catch(() => {});
  clearTimeout(timer);
}
