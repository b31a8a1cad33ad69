import { expect, it } from "vitest";
import { percent } from "../../../src/viewer/app/format.js";

it("a share below 0 has the minus that every other number has, and none has a 0 below 0", () => {
  expect(percent(-0.0417)).toBe("−4.2 %");
  expect(percent(-0.0001)).toBe("0 %");
  expect(percent(0.912)).toBe("91.2 %");
  expect(percent(null)).toBe("–");
});
