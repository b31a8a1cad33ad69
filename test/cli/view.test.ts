import { expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { candor } from "./candor.js";

it.each([
  ["nope", "nope does not exist"],
  ["package.json", "package.json is no folder"],
])("candor view %s lists nothing as if there were nothing, but says what is wrong", (folder, words) => {
  const { code, stdout, stderr } = candor(["view", folder, "--port", "0"], packageFile(""));
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(`${words}; name a folder that holds runs`);
});
