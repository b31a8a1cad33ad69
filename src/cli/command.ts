import type { Command } from "@commander-js/extra-typings";
import type { Permissions } from "../permissions/index.js";

/** What a command line is run with. */
export type Invocation = {
  /** Aborted by Ctrl-C or SIGTERM; work that can be resumed stops at the next safe point and throws the signal's reason. */
  signal: AbortSignal;
  /** Told where the command that is given looks at the signal; others have no safe points, and are ended at once. */
  onGentle?: () => void;
};

/** What every command gets besides its arguments. */
type CommandContext = Pick<Invocation, "signal"> & {
  /** What the user lets scenarios and other files of strangers do; known once the command line has been read. */
  permissions: () => Permissions;
};

/** Adds one command to the program. Heavy imports belong into the action, so that `--help` stays instant. */
export type RegisterCommand = (program: Command, context: CommandContext) => void;

/** The example that every command's `--help` ends with. */
export function example(...lines: string[]): string {
  return `\nExample:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
