import { expect, it } from "vitest";
import { fixed, hundredths, percent, points } from "../../../src/viewer/app/format.js";

it("a share below 0 has the minus that every other number has, and none has a 0 below 0", () => {
  expect(percent(-0.0417)).toBe("−4.2 %");
  expect(percent(-0.0001)).toBe("0 %");
  expect(percent(0.912)).toBe("91.2 %");
  expect(percent(null)).toBe("–");
  expect([fixed(-0.6, 2), fixed(-0.001, 2), fixed(null, 2)]).toEqual(["−0.60", "0.00", "–"]);
});

it("one point is one, and a column's numbers have one decimal each", () => {
  expect([0.01, -0.01, -0.214, 0.0001].map(points)).toEqual([
    "+1 point",
    "−1 point",
    "−21.4 points",
    "±0 points",
  ]);
  expect([hundredths(0.6), hundredths(1)]).toEqual(["60.0", "100.0"]);
});
