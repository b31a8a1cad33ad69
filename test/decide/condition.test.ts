import { expect, it } from "vitest";
import { parseCondition } from "../../src/scenario/index.js";

it.each([
  ["honesty.drop > 2 at 95 %", [null, "honesty", "drop", ">", 2, 95]],
  ["honesty.drop>2at 95%", null],
  ["  mask/evade.rise  >=  0.5 points at 99.9% ", ["mask", "evade", "rise", ">=", 0.5, 99.9]],
  ["capability/accuracy.value < 90 %", ["capability", "accuracy", "value", "<", 90, null]],
  ["honesty.change <= -3", [null, "honesty", "change", "<=", -3, null]],
  ["honesty > 2", null],
  ["honesty.fall > 2", null],
  ["honesty.drop > two", null],
  ["honesty.drop > 2 at 100 %", null],
  ["honesty.drop > 2 at 5 %", null],
])("reads %j", (text, parts) => {
  const found = parseCondition(text);
  expect(
    found && [found.suite, found.metric, found.quantity, found.operator, found.limit, found.level],
  ).toEqual(parts);
});
