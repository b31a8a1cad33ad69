import { expect, it } from "vitest";
import { csv } from "../../src/drift/index.js";

const line = (value: string | number | null): string => csv(["a"], [{ a: value }]).split("\n")[1]!;

it.each([
  ['=HYPERLINK("http://evil","x")', `"'=HYPERLINK(""http://evil"",""x"")"`],
  ["@SUM(1)", "'@SUM(1)"],
  ["+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"],
  ["-2+3", "'-2+3"],
  ["- an item of a list", "'- an item of a list"],
  ["\t=1", "'\t=1"],
  ["\r=1", `"'\r=1"`],
])("writes %j so that no spreadsheet takes it for a formula", (text, cell) => {
  expect(line(text)).toBe(cell);
});

it.each([
  [-0.25, "-0.25"],
  ["-0.25", "-0.25"],
  ["+1e-7", "+1e-7"],
  ["a = b", "a = b"],
  ["", ""],
  [null, ""],
])("leaves %j as it is", (value, cell) => {
  expect(line(value)).toBe(cell);
});
