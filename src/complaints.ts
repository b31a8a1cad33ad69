import { UserError } from "./errors.js";

/** Mistakes of a file that are told; of a damaged one there are thousands, and nobody reads them. */
const MOST_TOLD = 20;

/** Gathers what is wrong with the parts of a file, so that all of it is told at once. */
export type Complaints = {
  /** Does it and gives what it gives; undefined where it throws a UserError, which is kept. */
  attempt: <T>(action: () => T) => T | undefined;
  /** Throws one UserError of all that was kept, a line each; `file` is what the lines speak of. */
  end: (file: string) => void;
};

export function complaints(): Complaints {
  const lines: string[] = [];
  let problems = 0;
  return {
    attempt: (action) => {
      try {
        return action();
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        problems += error.problems;
        if (lines.length < MOST_TOLD) lines.push(...error.message.split("\n"));
        return undefined;
      }
    },
    end: (file) => {
      if (problems === 0) return;
      const told = lines.slice(0, MOST_TOLD);
      const more = problems - told.length;
      if (more > 0) told.push(`${file}: and ${more} more problems`);
      throw new UserError(told.join("\n"), problems);
    },
  };
}
