import { countOf, type Mistake, mistakeInWords } from "./mistakes.js";

/** A mistake in what the user gave: the message says what, where and what to do. The command line exits with 2. */
export class UserError extends Error {
  override name = "UserError";
  /** For programs. */
  readonly code: string = "invalid_input";

  /** How many mistakes the message tells of, with those that it only counts. */
  get problems(): number {
    return this.unshown.reduce((sum, { count }) => sum + count, countOf(this.mistakes));
  }

  /** What is wrong, as data. */
  get mistakes(): readonly Mistake[] {
    return [{ what: this.message }];
  }

  /** Of which files more is wrong than `mistakes` tells, and how much more. */
  get unshown(): readonly Unshown[] {
    return [];
  }

  /** What is wrong, in words, each by itself. */
  get lines(): readonly string[] {
    return [...this.mistakes.map(mistakeInWords), ...this.unshown.map(unshownInWords)];
  }
}

/** How many more mistakes a file has than are shown. */
export type Unshown = { count: number; file: string };

const unshownInWords = ({ count, file }: Unshown): string => `${file}: and ${count} more problems`;

/**
 * Mistakes in files, as data. The message is their display, a line for each, and nobody takes it apart: who asks where and what
 * reads `mistakes`.
 */
export class InputError extends UserError {
  override name = "InputError";

  constructor(
    private readonly told: readonly Mistake[],
    private readonly untold: readonly Unshown[] = [],
  ) {
    super([...told.map(mistakeInWords), ...untold.map(unshownInWords)].join("\n"));
  }

  override get mistakes(): readonly Mistake[] {
    return this.told;
  }

  override get unshown(): readonly Unshown[] {
    return this.untold;
  }
}

/**
 * Mistakes in what was given that only the work came upon. With the same inputs it would come upon them again: who tries what failed
 * once more leaves this.
 */
export class FatalMistake extends InputError {
  override name = "FatalMistake";
}

/** One mistake, to be thrown. */
export const mistaken = (mistake: Mistake): InputError => new InputError([mistake]);

/** The mistakes of several errors as one error. */
export const gathered = (errors: readonly UserError[]): InputError =>
  new InputError(
    errors.flatMap(({ mistakes }) => mistakes),
    errors.flatMap(({ unshown }) => unshown),
  );

/** An error with each of its mistakes told in another way. */
export const retold = (error: UserError, retell: (mistake: Mistake) => Mistake): InputError =>
  new InputError(error.mistakes.map(retell), error.unshown);

/** An error with words before and behind each of its mistakes, its place among them. */
export const surrounded = (error: UserError, before: string, behind = ""): InputError =>
  retold(error, (mistake) => ({ what: `${before}${mistakeInWords(mistake)}${behind}` }));

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
