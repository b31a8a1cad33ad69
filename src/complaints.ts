import { InputError, UserError } from "./errors.js";
import { countOf, type Mistake, mistakeInWords } from "./mistakes.js";

/** Mistakes of a file that are told; of a damaged one there are thousands, and nobody reads them. */
const MOST_TOLD = 20;
/** Lines that are named of a mistake which many have. */
const MOST_LINES = 5;

/** Gathers what is wrong with the parts of a file, so that all of it is told at once. */
export type Complaints = {
  /** Does it and gives what it gives; undefined where it throws a UserError, which is kept. */
  attempt: <T>(action: () => T) => T | undefined;
  /** Keeps a UserError that came about elsewhere; throws anything else on. */
  keep: (error: unknown) => void;
  /** Throws one InputError of all that was kept; `file` is what those are in that are only counted. */
  end: (file: string) => void;
};

export function complaints(): Complaints {
  const kept = new Map<string, Mistake>();
  let problems = 0;
  const note = (mistake: Mistake): void => {
    const { file, field, what, row, line } = mistake;
    // The same wherever it stands in its file.
    const key = JSON.stringify([file, field, what, line === undefined, row === undefined]);
    const known = kept.get(key);
    if (known) kept.set(key, withAnother(known, mistake));
    else if (kept.size < MOST_TOLD) kept.set(key, mistake);
  };
  const keep = (error: unknown): void => {
    if (!(error instanceof UserError)) throw error;
    problems += error.problems;
    for (const mistake of error.mistakes) note(mistake);
  };
  return {
    attempt: (action) => {
      try {
        return action();
      } catch (error) {
        keep(error);
        return undefined;
      }
    },
    keep,
    end: (file) => {
      if (problems === 0) return;
      const mistakes = [...kept.values()];
      const more = problems - countOf(mistakes);
      throw new InputError(mistakes, more > 0 ? [{ count: more, file }] : []);
    },
  };
}

/** A mistake, and another place where it stands; one without a line or row stands nowhere else. */
function withAnother(known: Mistake, { line, row, again }: Mistake): Mistake {
  const number = line ?? row;
  if (number === undefined) return known;
  const before = known.again ?? { at: [], count: 0 };
  const at = [...before.at, number, ...(again?.at ?? [])].slice(0, MOST_LINES);
  return { ...known, again: { at, count: before.count + 1 + (again?.count ?? 0) } };
}

/** Gathers what is wrong with parts that do not hang on one another, so that all of it is told at once. */
export type Trials = {
  /** Does it and gives what it gives; undefined where it throws a UserError, which is kept. Anything else is thrown on. */
  attempt: <T>(action: () => T | Promise<T>) => Promise<T | undefined>;
  /** Throws what was kept: an error as it was, or one of all of them. */
  end: () => void;
};

export function trials(): Trials {
  const kept: UserError[] = [];
  return {
    attempt: async (action) => {
      try {
        return await action();
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        kept.push(error);
        return undefined;
      }
    },
    end: () => {
      const [first] = kept;
      if (first === undefined) return;
      // What several parts name is missing in each of them.
      const lines = new Map(
        kept.flatMap(({ mistakes }) => mistakes).map((one) => [mistakeInWords(one), one]),
      );
      if (lines.size === first.mistakes.length) throw first;
      throw new InputError(
        [...lines.values()],
        kept.flatMap(({ unshown }) => unshown),
      );
    },
  };
}
