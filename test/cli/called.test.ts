import { expect, it, vi } from "vitest";
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
  const none = { npm_command: "", npm_lifecycle_event: "", npm_package_name: "" };
  for (const [name, value] of Object.entries({ ...none, ...env })) vi.stubEnv(name, value);
  expect(called()).toBe(words);
});
