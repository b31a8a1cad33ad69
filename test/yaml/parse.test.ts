import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/errors.js";
import { parseYaml, readYaml } from "../../src/yaml/index.js";

function complaint(text: string): string {
  try {
    parseYaml(text, "x.yaml");
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  return "";
}

describe("what no YAML file of anybody's may hold", () => {
  it.each([
    ["flow lists", "[".repeat(4096), "x.yaml:1:65 nested more than 64 levels deep"],
    ["flow fields", "{a: ".repeat(1_000_000), "nested more than 64 levels deep"],
    ["lists on one line", `${"- ".repeat(5_000)}a`, "nested more than 64 levels deep"],
    ["keys of keys", `${"? ".repeat(5_000)}a`, "nested more than 64 levels deep"],
    [
      "indented fields",
      Array.from({ length: 500 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
      "nested more than 64 levels deep",
    ],
    ["a list in itself", "name: &a [*a]", "x.yaml:1:11 *a stands inside what it names"],
    ["fields in themselves", "models: &a\n  user:\n    b: *a", "x.yaml:3:8 *a stands inside what it names"],
    ["infinity", "a:\n  b: .inf", "x.yaml:2:6 expected a finite number, found .inf"],
    ["less than everything", "a: [1, -.INF]", "x.yaml:1:8 expected a finite number, found -.INF"],
    ["no number", "a: .nan", "x.yaml:1:4 expected a finite number, found .nan"],
    ["a number too large for any", "a: 1e999", "x.yaml:1:4 expected a finite number, found 1e999"],
    ["a field twice", "a: {b: 1, c: 2, b: 3}", "x.yaml:1:17 invalid YAML: Map keys must be unique"],
    ["a field that objects lose", "a:\n  __proto__: {b: 1}", "x.yaml:2:3 no field can be named __proto__"],
    [
      "a list for a name",
      "a:\n  ? [b, c]\n  : d",
      "x.yaml:2:5 expected a field's name, found something else",
    ],
    ["bytes for a name", "!!binary aGk=: 1", "x.yaml:1:10 expected a field's name, found something else"],
    ["fields for a name", "{{a: 1}: 2}", "x.yaml:1:2 expected a field's name, found something else"],
    ["two documents", "a: 1\n---\nb: 2", "invalid YAML: a second document"],
    [
      "aliases that multiply",
      `a: &a [1]\n${"bcdefghij"
        .split("")
        .map((name, index) => `${name}: &${name} [${`*${"abcdefghi"[index]}, `.repeat(9)}1]`)
        .join("\n")}`,
      "invalid YAML: Excessive alias count",
    ],
  ])("%s", (_name, text, message) => {
    expect(complaint(text)).toContain(message);
  });

  it("names every fault of a file, and of many the first", () => {
    const faults = complaint(Array.from({ length: 500 }, () => 'a: "b').join("\n")).split("\n");
    expect(faults.length).toBeLessThan(30);
    expect(faults.at(-1)).toMatch(/^x\.yaml: and \d+ more problems$/u);
  });

  it("lets through what is only long or shared", () => {
    expect(parseYaml("a: &b {c: 1}\nd: *b\ne: [*b, *b]", "x.yaml").value).toEqual({
      a: { c: 1 },
      d: { c: 1 },
      e: [{ c: 1 }, { c: 1 }],
    });
    const deep = `${"[".repeat(25)}${"]".repeat(25)}`;
    expect(parseYaml(deep, "x.yaml").source).toBe(deep);
    expect(parseYaml("", "x.yaml").value).toBeNull();
  });
});

describe("the text of a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "candor-yaml-"));
  const file = join(folder, "x.yaml");
  const reading = (bytes: Buffer) => {
    writeFileSync(file, bytes);
    return () => readYaml(file).value;
  };

  it("may begin with a byte order mark", () => {
    expect(reading(Buffer.from("\ufeffname: a"))()).toEqual({ name: "a" });
  });

  it.each([
    ["UTF-16", Buffer.from("\ufeffname: a", "utf16le"), /is in UTF-16; save it as UTF-8/],
    ["Latin-1", Buffer.from([0x61, 0x3a, 0x20, 0xe9]), /is not UTF-8 text; save it as UTF-8/],
    ["megabytes", Buffer.alloc(9 * 2 ** 20, "a"), /has 9437184 bytes; at most 8388608 are read/],
  ])("is refused in %s", (_name, bytes, message) => {
    expect(reading(bytes)).toThrow(message);
  });

  it("is looked for", () => {
    expect(() => readYaml(join(folder, "none.yaml"))).toThrow(/none\.yaml: no such file/);
    expect(() => readYaml(folder)).toThrow(/is a folder/);
  });
});
