import { expect, it } from "vitest";
import { partAt } from "../../src/yaml/index.js";

const value = { sweep: { cases: [{ name: "a" }, null] }, text: "word" };

it.each([
  [["sweep", "cases", 0, "name"], "a"],
  [["sweep", "cases", "0", "name"], "a"],
  [["sweep", "cases", 1], null],
  [["sweep", "cases", 1, "name"], undefined],
  [["sweep", "cases", 2, "name"], undefined],
  [["none", "at", "all"], undefined],
  [[], value],
])("gives what stands at %j", (path, part) => {
  expect(partAt(value, path)).toEqual(part);
});

it.each([
  [["constructor", "name"]],
  [["sweep", "toString"]],
  [["sweep", "__proto__"]],
  [["sweep", "cases", "length"]],
  [["text", 0]],
  [["text", "length"]],
])("gives nothing at %j, where nobody wrote anything", (path) => {
  expect(partAt(value, path)).toBeUndefined();
});
