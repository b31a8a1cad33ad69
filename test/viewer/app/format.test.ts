import { expect, it } from "vitest";
import { fixed, percent } from "../../../src/viewer/app/format.js";

it("a share below 0 has the minus that every other number has, and none has a 0 below 0", () => {
  expect(percent(-0.0417)).toBe("−4.2 %");
  expect(percent(-0.0001)).toBe("0 %");
  expect(percent(0.912)).toBe("91.2 %");
  expect(percent(null)).toBe("–");
  expect([fixed(-0.6, 2), fixed(-0.001, 2), fixed(null, 2)]).toEqual(["−0.60", "0.00", "–"]);
});
