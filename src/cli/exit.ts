import { CommanderError } from "@commander-js/extra-typings";
import { setting } from "../environment.js";
import { OutsideFailed, Stopped, UserError } from "../errors.js";
import { fileTrouble } from "../file-trouble.js";
import { openFilesMessage } from "./open-files.js";

/** Exit codes of the command line. */
export const exitCode = { done: 0, failed: 1, usage: 2, gate: 3, interrupted: 130 } as const;

/** Ends a command with `failed` after it has printed what failed itself. */
export class CommandFailed extends Error {
  override name = "CommandFailed";
}

/** Ends a command with `gate` after it has printed which limits were passed. */
export class GateClosed extends Error {
  override name = "GateClosed";
}

/** Ends a command with the exit code of the one that it ran for the user; a signal's end (null) is a failure. */
export class EndedWith extends Error {
  override name = "EndedWith";

  constructor(readonly code: number | null) {
    super(`ended with code ${code}`);
  }
}

/** Tells the person what went wrong, on stderr, and returns the exit code. `goesOn`: what was done is kept, and the same command goes on with it. */
export function reportFailure(
  error: unknown,
  signal: AbortSignal,
  write: (text: string) => void,
  goesOn = false,
): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (error instanceof CommandFailed) return exitCode.failed;
  if (error instanceof GateClosed) return exitCode.gate;
  if (error instanceof EndedWith) return error.code ?? exitCode.failed;
  if (signal.aborted) {
    write(`candor: interrupted${goesOn ? "; the same command goes on from here" : ""}\n`);
    return exitCode.interrupted;
  }
  const tooFew = openFilesMessage(error);
  if (tooFew !== null) {
    write(`candor: ${tooFew}\n`);
    return exitCode.failed;
  }
  const debug = setting.CANDOR_DEBUG();
  const file = fileTrouble(error);
  if (file !== null && !debug) {
    write(`candor: ${file}\n`);
    return exitCode.failed;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const lines = (debug ? (stack ?? message) : message).split("\n");
  write(lines.map((line) => `candor: ${line}\n`).join(""));
  // Wrong for this machine is what npm itself calls EBADPLATFORM: the engine of a package made for another.
  const forOther = (error as NodeJS.ErrnoException | null)?.code === "EBADPLATFORM";
  if (error instanceof UserError) return exitCode.usage;
  if (error instanceof Stopped || error instanceof OutsideFailed || forOther) return exitCode.failed;
  if (!debug) write("candor: this was not expected; CANDOR_DEBUG=1 shows where it happened\n");
  return exitCode.failed;
}
