import { InvalidArgumentError } from "@commander-js/extra-typings";

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
