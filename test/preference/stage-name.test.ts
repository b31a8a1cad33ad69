import { expect, it } from "vitest";
import { stageName } from "../../src/preference/stages/index.js";

it("names a stage by its kind, and one of somebody's own by its file too", () => {
  const own = { kind: "module" as const, path: "stages/least_12.mjs", options: {} };
  expect(stageName(own)).toBe("module stages/least_12.mjs");
  expect(stageName({ kind: "honesty_veto" })).toBe("honesty_veto");
});
