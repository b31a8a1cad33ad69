import { UserError } from "../errors.js";
import { reasonOf } from "../file-trouble.js";

type Told = {
  /** What to do about it. */
  advice?: string;
  /** What could not be done, where it is more than to write. */
  cannot?: string;
};

/** What a user is told of a file or folder that cannot be written: which, why (in words, or the error of the file system), and what to do. */
export function notWritten(
  place: string,
  why: unknown,
  { advice = "name another with --out", cannot = "be written" }: Told = {},
): UserError {
  const reason = typeof why === "string" ? why : reasonOf(why);
  return new UserError(`${place} cannot ${cannot}: ${reason}; ${advice}`);
}
