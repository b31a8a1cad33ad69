import { expect, it } from "vitest";
import { complaints } from "../src/complaints.js";
import { UserError } from "../src/errors.js";

function told(lines: readonly string[]): string {
  const wrong = complaints();
  for (const line of lines)
    wrong.attempt(() => {
      throw new UserError(line);
    });
  try {
    wrong.end("a.jsonl");
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

it("tells a mistake that many lines have once, with the lines", () => {
  expect(told(["a.jsonl:1: x: missing", "a.jsonl:2: y: missing", "a.jsonl:4: x: missing"])).toBe(
    "a.jsonl:1: x: missing; the same in line 4\na.jsonl:2: y: missing",
  );
  const many = Array.from({ length: 500 }, (_, index) => `a.jsonl:${index + 1}: x: missing`);
  expect(told(many)).toBe("a.jsonl:1: x: missing; the same in lines 2, 3, 4, 5, 6 and 494 more");
});

it("tells twenty mistakes that differ, and how many more there are", () => {
  const lines = told(
    Array.from({ length: 500 }, (_, index) => `a.jsonl:${index + 1}: x${index}: missing`),
  ).split("\n");
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe("a.jsonl: and 480 more problems");
});
