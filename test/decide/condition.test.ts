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
  ["honesty.value > 2 at 90 %", null],
  ["honesty.value > 2 since start", null],
  ["honesty.drop > 2 in any round since start", null],
])("reads %j", (text, parts) => {
  const found = parseCondition(text);
  expect(
    found && [found.suite, found.metric, found.quantity, found.operator, found.limit, found.level],
  ).toEqual(parts);
});

it.each([
  ["honesty.drop > 2 at 95 %", [null, false, null]],
  ["honesty.drop > 2 at 95 % since start in any cell in any round", ["start", true, "any"]],
  ["honesty.drop < 2 against control in every round", ["control", false, "any"]],
  ["honesty.value < 2 at 95 % in every cell in round 3", [null, true, 3]],
])("reads where %j looks", (text, parts) => {
  const found = parseCondition(text);
  expect(found && [found.against, found.everyCell, found.rounds]).toEqual(parts);
});
