import { countOf, type Mistake, mistakeInWords } from "./mistakes.js";

/** A mistake in what the user gave: the message says what, where and what to do. The command line exits with 2. */
export class UserError extends Error {
  override name = "UserError";
  /** For programs. */
  readonly code: string = "invalid_input";

  /** `problems`: how many mistakes the message tells of, with those that it only counts. */
  constructor(
    message: string,
    readonly problems = 1,
  ) {
    super(message);
  }

  /** What is wrong, as data. */
  get mistakes(): readonly Mistake[] {
    return this.message.split("\n").map((what) => ({ what }));
  }

  /** What is wrong, each in a line of its own. */
  get lines(): readonly string[] {
    return this.message.split("\n");
  }
}

/**
 * Mistakes in files, as data. The message is their display, a line for each, and nobody takes it apart: who asks where and what
 * reads `mistakes`. `unshown`: how many more there are, and in what.
 */
export class InputError extends UserError {
  override name = "InputError";

  constructor(
    private readonly all: readonly Mistake[],
    readonly unshown: { count: number; file: string } | null = null,
  ) {
    const more = unshown ? [`${unshown.file}: and ${unshown.count} more problems`] : [];
    super([...all.map(mistakeInWords), ...more].join("\n"), countOf(all) + (unshown?.count ?? 0));
  }

  override get mistakes(): readonly Mistake[] {
    return this.all;
  }
}

/** One mistake, to be thrown. */
export const mistaken = (mistake: Mistake): InputError => new InputError([mistake]);

/**
 * Work that stopped at a safe point because something outside must change first (a budget, a key, a server, memory): the message
 * says what and how to go on. The command line exits with 1.
 */
export class Stopped extends Error {
  override name = "Stopped";
  /** For programs. */
  readonly code = "stopped";
}

/**
 * Something outside failed (a server's answer, a trainer, a program), and the message says all that is known. What failed is this
 * piece of work; others go on. The command line exits with 1.
 */
export class OutsideFailed extends Error {
  override name = "OutsideFailed";
  /** For programs. */
  readonly code = "outside_failed";
}

/**
 * Throws what ends the work: an interruption's reason, or what stops it, wrapped or not. To be called where any other failure is
 * counted and gone on from: a machine without memory would otherwise turn every question that is left into an error.
 */
export function throwIfEnded(error: unknown, signal: AbortSignal | undefined): void {
  signal?.throwIfAborted();
  for (let one = error; one instanceof Error; one = one.cause) if (one instanceof Stopped) throw one;
}
