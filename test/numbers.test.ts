import { expect, it } from "vitest";
import { bracketed, fixed, number, openWords, plus, plusRange, pValue, signedRange } from "../src/numbers.js";

it("an interval shows on which side of 0 it ends, however near", () => {
  expect(bracketed({ low: -0.174, high: -0.0004 })).toBe("[−17.4, −0.04]");
  expect(bracketed({ low: 0.0000123, high: 0.174 })).toBe("[+0.001, +17.4]");
  expect(signedRange({ value: -0.0869, low: -0.1738, high: 0.00031 })).toBe("−8.7 [−17.4, +0.03]");
});

it("a value that rounds to 0 is shown where its interval lies on one side of it", () => {
  expect(signedRange({ value: 0.00015, low: 0.0001, high: 0.0002 })).toBe("+0.01 [+0.01, +0.02]");
  expect(signedRange({ value: -0.00005, low: -0.00007, high: -0.00003 })).toBe("−0.005 [−0.007, −0.003]");
  expect(signedRange({ value: 0.0001, low: -0.01, high: 0.01 })).toBe("0 [−1, +1]");
});

it("an end that is 0, or 0 but for rounding, is 0", () => {
  expect(bracketed({ low: 0, high: -1e-17 })).toBe("[0, 0]");
  expect(bracketed({ low: -0.0861, high: -0.0096 })).toBe("[−8.6, −1]");
});

it("what an interval leaves open of harm is told in words, also where it leaves none", () => {
  expect(openWords(0.0123)).toBe("drops up to 1.2 points are not excluded");
  expect(openWords(0.0002, "rises")).toBe("rises of a tenth of a point and more are excluded");
  expect(openWords(0)).toBe("drops are excluded");
});

it("there is one sign below 0, and none has a 0 below 0", () => {
  expect([number(-0.62), number(-0.04), number(-0.556, 2)]).toEqual(["−0.6", "0", "−0.56"]);
  expect([fixed(-0.6, 2), fixed(-0.001, 2), fixed(0.5, 2)]).toEqual(["−0.60", "0.00", "0.50"]);
});

it("a difference that rounds to 0 has no sign, whatever its unit", () => {
  expect([plus(0.34), plus(-0.04), plus(0.04), plus(-0)]).toEqual(["+0.3", "0", "0", "0"]);
  expect(plusRange({ value: -0.04, low: -0.9, high: 0.52 })).toBe("0 [−0.9, +0.5]");
  expect(plusRange({ value: -0.04, low: -0.08, high: -0.01 })).toBe("−0.04 [−0.1, −0.01]");
});

it("no p value is 0", () => {
  expect([pValue(0.01234), pValue(0.00003), pValue(0)]).toEqual(["0.0123", "< 0.0001", "< 0.0001"]);
});
