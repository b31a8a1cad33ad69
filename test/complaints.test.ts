import { expect, it } from "vitest";
import { complaints } from "../src/complaints.js";
import { mistaken, UserError } from "../src/errors.js";
import type { Mistake } from "../src/mistakes.js";

function told(mistakes: readonly Mistake[]): string {
  const wrong = complaints();
  for (const mistake of mistakes)
    wrong.attempt(() => {
      throw mistaken(mistake);
    });
  try {
    wrong.end("a.jsonl");
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const missing = (line: number, field: string): Mistake => ({ file: "a.jsonl", line, field, what: "missing" });

it("tells a mistake that many lines have once, with the lines", () => {
  expect(told([missing(1, "x"), missing(2, "y"), missing(4, "x")])).toBe(
    "a.jsonl:1: x: missing; the same in line 4\na.jsonl:2: y: missing",
  );
  const many = Array.from({ length: 500 }, (_, index) => missing(index + 1, "x"));
  expect(told(many)).toBe("a.jsonl:1: x: missing; the same in lines 2, 3, 4, 5, 6 and 494 more");
});

it("tells by lines where columns are known, and by rows where lines are not", () => {
  const at = (line: number, column: number): Mistake => ({ ...missing(line, "x"), column });
  // The same column in other lines, and another column: once each file was taken for "a.jsonl:1" and the column for its line.
  expect(told([at(1, 5), at(3, 5), at(7, 9)])).toBe("a.jsonl:1:5 x: missing; the same in lines 3 and 7");
  const row = (number: number): Mistake => ({ file: "a.json", row: number, field: "x", what: "missing" });
  expect(told([row(1), row(3), row(4)])).toBe("a.json row 1: x: missing; the same in rows 3 and 4");
});

it("takes nothing apart that stands in a mistake's words", () => {
  const what = "b.jsonl:7: is named by it";
  expect(
    told([
      { file: "a.jsonl", what },
      { file: "a.jsonl", what: what.replace("7", "8") },
    ]),
  ).toBe("a.jsonl: b.jsonl:7: is named by it\na.jsonl: b.jsonl:8: is named by it");
});

it("keeps what is told once so through a second gathering", () => {
  const outer = complaints();
  const inner = complaints();
  for (const line of [1, 2, 3])
    inner.attempt(() => {
      throw mistaken(missing(line, "x"));
    });
  outer.attempt(() => inner.end("a.jsonl"));
  outer.attempt(() => {
    throw new UserError("--set rounds: expected a whole number");
  });
  expect(() => outer.end("all")).toThrow(
    "a.jsonl:1: x: missing; the same in lines 2 and 3\n--set rounds: expected a whole number",
  );
});

it("tells twenty mistakes that differ, and how many more there are", () => {
  const lines = told(Array.from({ length: 500 }, (_, index) => missing(index + 1, `x${index}`))).split("\n");
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe("a.jsonl: and 480 more problems");
});
