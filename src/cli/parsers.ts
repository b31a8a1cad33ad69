import { InvalidArgumentError } from "@commander-js/extra-typings";
import { UserError } from "../errors.js";

/** A whole number from 1 on: how many of something. */
export function count(text: string): number {
  return wholeFrom(1, Number.MAX_SAFE_INTEGER, text);
}

/** A whole number from 0 on, such as a seed. */
export function whole(text: string): number {
  return wholeFrom(0, Number.MAX_SAFE_INTEGER, text);
}

/** A TCP port; 0 lets the system choose. */
export function port(text: string): number {
  return wholeFrom(0, 65_535, text);
}

/** A server's address. What was given is not repeated where it is none: a key or a password may stand in it. */
export const address =
  (option: string) =>
  (text: string): string => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || !/^https?:$/u.test(url.protocol))
      throw new UserError(`${option}: expected an address such as http://localhost:8000/v1`);
    if (url.href.includes("#"))
      throw new UserError(`${option}: what stands behind # is sent to no server; leave it out`);
    return text;
  };

/** A temperature: a number from 0 on. */
export function temperature(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError("expected a number from 0 on.");
  return value;
}

/** A share: a number above 0, 1 at most. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value <= 1))
    throw new InvalidArgumentError("expected a number above 0 and at most 1.");
  return value;
}

/** Collects an option that may be repeated. */
export function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

function wholeFrom(least: number, most: number, text: string): number {
  const value = Number(text);
  if (/^\d+$/u.test(text) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
  throw new InvalidArgumentError(`expected a whole number ${range}.`);
}
