import { expect, it } from "vitest";
import { sources } from "./imports.js";

// Where and what is wrong in a file is data (src/mistakes.ts), shown in one place and taken apart nowhere.

/** An error of input with a line or row in its words. */
const PLACE_IN_WORDS = /\b(?:User)?Error\(\s*`\$\{[\w.]+\}(?::| row |#)\$\{/gu;

/** What an error of ours says, taken apart. */
const TAKEN_APART =
  /\b(?:error|wrong|reason|failure|this)\.message\s*\.(?:split|match|startsWith|indexOf|replace\w*)\(/gu;

/** Several mistakes as the words of one error. */
const JOINED = /\bUserError\(\s*[\w.]+(?:\.map\([^;]*\))?\.join\(/gu;

it.each([
  ["gives no place in an error's words", PLACE_IN_WORDS, "new UserError(`${path}:${line}: no number`)"],
  ["gives no place in an error's words", PLACE_IN_WORDS, "throw new UserError(\n  `${name} row ${at}: x`)"],
  ["takes no message apart", TAKEN_APART, 'error.message.split("\\n")'],
  ["takes no message apart", TAKEN_APART, "error.message.replaceAll(name, other)"],
  ["joins no mistakes into one text", JOINED, 'throw new UserError(wrong.join("\\n"))'],
  ["joins no mistakes into one text", JOINED, "new UserError(\n  all.map((one) => `x: ${one}`).join(', '))"],
])("%s", (_what, pattern, example) => {
  expect(example.match(pattern)).toHaveLength(1);
  const found = sources().filter(({ text }) => text.match(pattern) !== null);
  expect(found.map(({ path }) => path)).toEqual([]);
});
