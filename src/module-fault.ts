import { mistaken, OutsideFailed, Stopped, UserError } from "./errors.js";
import { shownPath } from "./shown-path.js";
import { thrownAt } from "./thrown-at.js";

/** A module of somebody's own that takes part: its file, and what of it is called, such as `stage "trim": screen()`. */
export type ModulePart = { path: string; part: string };

/**
 * What a module's own code threw, told with the part it plays, its file and the line. What says more already is given back as it is: a
 * mistake, something outside that failed, and what ends the work.
 */
export function faultOf({ path, part }: ModulePart, error: unknown): Error {
  if (isTold(error)) return error;
  const thrown = error instanceof Error ? error : new Error(String(error));
  const { message } = thrown;
  return mistaken({ file: shownPath(path), ...thrownAt(thrown, path), what: `${part} failed: ${message}` });
}

/** Parts whose code was called and has not answered yet. */
const unanswered = new Set<ModulePart>();

/** What to say where a process has nothing left to do and yet waits: whose promise it is, as far as a module's is among them. */
export function neverSettled(): Error {
  const [last] = [...unanswered].slice(-1);
  return last === undefined
    ? new Error("what is waited for never comes: nothing is left that could bring it")
    : mistaken({
        file: shownPath(last.path),
        what: `${last.part} gives a promise that is never settled: nothing is left that could settle it`,
      });
}

/** What a part's code gives, once it answers. */
export async function answered<T>(part: ModulePart, act: () => T | Promise<T>): Promise<T> {
  const call = { ...part };
  unanswered.add(call);
  try {
    return await act();
  } finally {
    unanswered.delete(call);
  }
}

/** A function of a module's whose errors are told so. Its last argument may hold the signal of an interruption, which is no fault. */
export function faultsNamed<A extends readonly unknown[], T>(
  part: ModulePart,
  act: (...args: A) => T | Promise<T>,
): (...args: A) => Promise<T> {
  return async (...args) => {
    try {
      return await answered(part, () => act(...args));
    } catch (error) {
      throw isInterrupted(args.at(-1)) ? error : faultOf(part, error);
    }
  };
}

const isInterrupted = (context: unknown): boolean =>
  typeof context === "object" &&
  context !== null &&
  "signal" in context &&
  context.signal instanceof AbortSignal &&
  context.signal.aborted;

/** By name too: an interruption's reason is of no class of ours. */
function isTold(error: unknown): error is Error {
  for (let one = error; one instanceof Error; one = one.cause)
    if (
      one instanceof UserError ||
      one instanceof Stopped ||
      one instanceof OutsideFailed ||
      one.name === "AbortError"
    )
      return true;
  return false;
}
