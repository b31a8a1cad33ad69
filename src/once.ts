import { UserError } from "./errors.js";

/** What an option said, as it was given, and what it said it of. */
export type Said = { option: string; of: string };

/** Throws a UserError where two options speak of one thing, with both: the last would count, and nobody would know which was meant. */
export function requireOnce(given: readonly Said[]): void {
  const first = new Map<string, string>();
  for (const { option, of } of given) {
    const before = first.get(of);
    if (before !== undefined) throw twice(before, option, of);
    first.set(of, option);
  }
}

/** Of one thing that two options speak of. */
export function twice(first: string, second: string, of: string): UserError {
  return new UserError(`${first} and ${second}: both are about ${of}; give one of them`);
}
