import { describe, expect, it } from "vitest";
import { gathered, InputError, mistaken, retold, UserError } from "../src/errors.js";

const FIRST = { file: "a.yaml", line: 3, column: 5, field: "size", what: "too large" };
const many = new InputError([FIRST], [{ file: "a.yaml", count: 7 }]);

describe("the mistakes of an error", () => {
  it("are one where several lines tell of one thing", () => {
    const error = new UserError("no such kind; there are\n  mask\n  logs");
    expect(error.mistakes).toEqual([{ what: error.message }]);
    expect(error.lines).toEqual([error.message]);
    expect(error.problems).toBe(1);
  });

  it("stay data where errors are gathered, with what none of them shows", () => {
    const error = gathered([new UserError("--set x: none"), many, mistaken({ what: "b" })]);
    expect(error.mistakes).toEqual([{ what: "--set x: none" }, FIRST, { what: "b" }]);
    expect(error.lines).toEqual([
      "--set x: none",
      "a.yaml:3:5 size: too large",
      "b",
      "a.yaml: and 7 more problems",
    ]);
    expect(error.message).toBe(error.lines.join("\n"));
    expect(error.problems).toBe(10);
  });

  it("are told in another way one by one", () => {
    const error = retold(many, (one) => ({ ...one, file: "b.yaml" }));
    expect(error.mistakes).toEqual([{ ...FIRST, file: "b.yaml" }]);
    expect(error.problems).toBe(8);
  });
});
