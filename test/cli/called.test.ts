import { expect, it } from "vitest";
import { called } from "../../src/cli/called.js";

it.each([
  ["npx candor", { npm_command: "exec" }],
  ["npm run candor --", { npm_command: "run", npm_lifecycle_event: "candor" }],
  ["npm run candor --", { npm_command: "run-script", npm_lifecycle_event: "candor" }],
  ["npm run candor --", { npm_command: "start", npm_lifecycle_event: "start", npm_package_name: "candor" }],
  ["npx candor", { npm_command: "start", npm_lifecycle_event: "start", npm_package_name: "ours" }],
  ["candor", { npm_command: "run", npm_lifecycle_event: "test", npm_package_name: "candor" }],
  ["candor", {}],
])("gives commands as %s", (words, env) => {
  expect(called(env)).toBe(words);
});
