import { wellFormed } from "../../well-formed.js";
import { type PersonalKind, personalKinds, withoutPersonal } from "./personal.js";
import type { LogReading, LogSettings } from "./types.js";

/** What is done about personal data, and what was found of it. */
export type Cleaning = {
  row: () => RowCleaning;
  /** Whom a name stands for: a number where personal data is taken out, as names are often addresses. */
  called: (user: string) => string;
  report: () => Pick<LogReading, "personal" | "stripped">;
};

type RowCleaning = {
  /** A text of the row without what is to be taken out. */
  clean: (text: string) => string;
  /** Counts what the row's texts had; a row that is left out is not counted. */
  count: () => void;
};

export function openCleaning(strip: LogSettings["strip"]): Cleaning {
  const kinds = strip === true ? personalKinds : strip === false ? [] : strip;
  const personal = new Map<PersonalKind, { found: number; rows: number }>();
  const people = new Map<string, string>();
  return {
    row: () => {
      const seen = new Map<PersonalKind, number>();
      return {
        clean: (content) => {
          const { text, found } = withoutPersonal(content);
          for (const kind of personalKinds)
            if (found[kind] !== undefined) seen.set(kind, (seen.get(kind) ?? 0) + found[kind]);
          return wellFormed(
            kinds.length === personalKinds.length ? text : withoutPersonal(content, kinds).text,
          );
        },
        count: () => {
          for (const [kind, times] of seen) {
            const { found, rows } = personal.get(kind) ?? { found: 0, rows: 0 };
            personal.set(kind, { found: found + times, rows: rows + 1 });
          }
        },
      };
    },
    called: (user) => {
      if (kinds.length === 0) return user;
      if (!people.has(user)) people.set(user, `user-${people.size + 1}`);
      return people.get(user)!;
    },
    report: () => ({
      personal: [...personal].map(([kind, counts]) => ({ kind, ...counts })),
      stripped: kinds.length > 0,
    }),
  };
}
