import { UserError } from "./errors.js";
import { listed } from "./listed.js";

/** Mistakes of a file that are told; of a damaged one there are thousands, and nobody reads them. */
const MOST_TOLD = 20;
/** Lines that are named of a mistake which many have. */
const MOST_LINES = 5;

/** Gathers what is wrong with the parts of a file, so that all of it is told at once. */
export type Complaints = {
  /** Does it and gives what it gives; undefined where it throws a UserError, which is kept. */
  attempt: <T>(action: () => T) => T | undefined;
  /** Throws one UserError of all that was kept, a line for each mistake; `file` is what the lines speak of. */
  end: (file: string) => void;
};

/** A mistake, told as of the first line that has it, and the other lines that have the same. */
type Mistake = { told: string; others: string[]; count: number };

export function complaints(): Complaints {
  const mistakes = new Map<string, Mistake>();
  let problems = 0;
  const keep = (told: string): void => {
    const [, file = "", line = "", what = told] = /^(.*?):(\d+): (.*)$/su.exec(told) ?? [];
    const key = `${file}: ${what}`;
    const known = line === "" ? undefined : mistakes.get(key);
    if (known) {
      known.count++;
      if (known.others.length < MOST_LINES) known.others.push(line);
    } else if (mistakes.size < MOST_TOLD)
      mistakes.set(line === "" ? told : key, { told, others: [], count: 1 });
  };
  return {
    attempt: (action) => {
      try {
        return action();
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        problems += error.problems;
        for (const line of error.message.split("\n")) keep(line);
        return undefined;
      }
    },
    end: (file) => {
      if (problems === 0) return;
      const lines = [...mistakes.values()].map(words);
      const more = problems - [...mistakes.values()].reduce((sum, { count }) => sum + count, 0);
      if (more > 0) lines.push(`${file}: and ${more} more problems`);
      throw new UserError(lines.join("\n"), problems);
    },
  };
}

function words({ told, others, count }: Mistake): string {
  if (others.length === 0) return told;
  const more = count - 1 - others.length;
  const rest = more > 0 ? [`${more} more`] : [];
  return `${told}; the same in ${count === 2 ? "line" : "lines"} ${listed([...others, ...rest])}`;
}
