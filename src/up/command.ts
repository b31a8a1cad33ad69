import { type Running, startProgram } from "../program/index.js";

const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs the user's command to its end, with this process's input and output. It stands in a group of its own, and signals are passed on:
 * so each reaches it once, and servers outlive the first Ctrl-C until it has come to a safe point. Returns its exit code; null where a signal ended it.
 */
export async function runCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number | null> {
  const program: Running = startProgram(argv, { env, shown: true, group: true });
  const passOn = (name: NodeJS.Signals): void => program.signal(name);
  for (const name of PASSED_ON) process.on(name, passOn);
  try {
    return await program.ended;
  } finally {
    for (const name of PASSED_ON) process.off(name, passOn);
  }
}
