import { describe, expect, it } from "vitest";
import { z } from "zod";
import { UserError } from "../../src/errors.js";
import { check, checked, parseJsonText, readCheckedJson } from "../../src/yaml/index.js";

const schema = z.object({
  size: z.int().min(1),
  kind: z.enum(["dense", "sparse"]).optional(),
  rope: z.looseObject({ factor: z.number().optional() }).nullish(),
  pair: z.tuple([z.string(), z.string()]).optional(),
});

function complaint(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  return "";
}

describe("JSON that is none", () => {
  it.each([
    ['{"a":}', "x.json:1:6 invalid JSON: unexpected token '}'"],
    ['{"a": 1,}', "x.json:1:9 invalid JSON: expected double-quoted property name"],
    ['{\n  "a": NaN\n}', "x.json:2:8 invalid JSON: unexpected NaN; write null"],
    ['{"a": None}', "x.json:1:7 invalid JSON: unexpected None; write null"],
    ['{"a": True}', "x.json:1:7 invalid JSON: unexpected True; write true"],
    ['{"a": Nothing}', "x.json:1:7 invalid JSON: unexpected token 'N'"],
    ["[1,\n2", "x.json:2:2 invalid JSON: expected ',' or ']' after array element"],
    ['{"a": tru', "x.json:1:10 invalid JSON: unexpected end of the text"],
    ["", "x.json:1:1 invalid JSON: unexpected end of the text"],
    ["{} {}", "x.json:1:4 invalid JSON: unexpected non-whitespace character"],
    ['["a\tb"]', "x.json:1:4 invalid JSON: bad control character in string literal"],
    [`["${"a".repeat(2_000)}", ${"b".repeat(2_000)}]`, "x.json:1:2006 invalid JSON: unexpected token 'b'"],
  ])("%j", (text, told) => {
    expect(complaint(() => parseJsonText(text, { file: "x.json" }))).toBe(told);
  });

  it("is placed in its file where it is a line of it", () => {
    expect(complaint(() => parseJsonText('{"a":}', { file: "x.jsonl", line: 7 }, "delete the line"))).toBe(
      "x.jsonl:7:6 invalid JSON: unexpected token '}'; delete the line",
    );
  });
});

describe("JSON of another form", () => {
  const read = (text: string, line?: number) =>
    complaint(() => readCheckedJson(schema, text, { file: "x.json", line }, "download it again"));

  it("names every field with its place, and what to do", () => {
    expect(read('{\n  "size": "8",\n  "kind": "densee",\n  "pair": ["a", 1]\n}').split("\n")).toEqual([
      'x.json:2:11 size: expected a number, found "8"',
      'x.json:3:11 kind: expected one of "dense", "sparse", found "densee"; did you mean "dense"?',
      "x.json:4:17 pair[1]: expected text, found 1; download it again",
    ]);
  });

  it("says what is missing, and what stands there in its place", () => {
    expect(read("{}")).toBe("x.json:1:1 size: missing; expected a number; download it again");
    expect(read("null")).toBe("x.json:1:1 expected fields (name: value), found null; download it again");
    expect(read('{"size": 0}', 12)).toBe(
      "x.json:12:10 size: expected at least 1, found 0; download it again",
    );
  });

  it("names the field alone where no place can be told", () => {
    const deep = `{"rope": ${"[".repeat(200)}${"]".repeat(200)}}`;
    expect(read(deep)).toMatch(/^x\.json: size: missing; expected a number\nx\.json: rope: expected fields/);
  });

  it("is refused where a field stands twice, of which other programs take another", () => {
    expect(read('{"size": 1, "size": 2}')).toBe(
      'x.json:1:13 "size" stands twice; keep one; download it again',
    );
  });

  it("gives what fits with its defaults", () => {
    const filled = z.object({ a: z.number().default(3) });
    expect(readCheckedJson(filled, "{}", { file: "x.json" })).toEqual({ a: 3 });
  });
});

describe("values of modules and servers", () => {
  const all = z.object({
    open: z.custom<() => void>((value) => typeof value === "function", "expected a function"),
    name: z
      .string()
      .regex(/^[a-z]+$/u)
      .optional(),
    share: z.number().multipleOf(0.5).optional(),
    mail: z.email().optional(),
    list: z.array(z.union([z.string(), z.number()])).optional(),
    sum: z
      .unknown()
      .transform((value) => Number(value))
      .pipe(z.number().max(3))
      .optional(),
  });
  const open = () => {};
  it.each<[unknown, string]>([
    [{}, "open: expected a function"],
    [{ open, name: "A" }, 'name: expected text like /^[a-z]+$/u, found "A"'],
    [{ open, share: 0.3 }, "share: expected a multiple of 0.5, found 0.3"],
    [{ open, mail: "a" }, /^mail: expected text like .*, found "a"$/u.source],
    [{ open, list: ["a", null] }, "list[1]: expected text or a number, found null"],
    [{ open, sum: 4 }, "sum: expected at most 3, found 4"],
    [() => {}, "expected fields (name: value), found a function"],
  ])("%#: the first problem in our words", (value, told) => {
    let said = "";
    try {
      checked(all, value, (problem) => new UserError(problem));
    } catch (error) {
      said = (error as Error).message;
    }
    if (told.startsWith("^")) expect(said).toMatch(new RegExp(told, "u"));
    else expect(said).toBe(told);
    expect(said).not.toMatch(/invalid|received/iu);
  });

  it("takes what has no JSON: values that hold themselves, and numbers too large", () => {
    const circular: unknown[] = [];
    circular.push(circular);
    for (const value of [circular, 10n, Symbol("a"), new Map()])
      expect(check(z.string(), value).problems[0]?.message).toMatch(/^expected text, found /u);
  });
});
