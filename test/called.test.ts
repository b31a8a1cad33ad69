import { expect, it, vi } from "vitest";
import { called, ownPath, sent, typed } from "../src/called.js";

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

it("gives commands and pages within a sentence as they are to be typed", () => {
  vi.stubEnv("npm_command", "exec");
  const said =
    "docs/minnow.md has it; candor rater check probes/minnow/rater.jsonl --rater minnow:1 measures it.";
  // The tests are started where the pages are.
  expect(typed(said)).toBe(
    "docs/minnow.md has it; npx candor rater check probes/minnow/rater.jsonl --rater minnow:1 measures it.",
  );
  vi.spyOn(process, "cwd").mockReturnValue("/");
  expect(typed(said)).toContain(`${ownPath("docs/minnow.md")} has it`);
  expect(typed(said)).not.toMatch(/^docs/u);
  expect(sent(said)).toBe(
    "docs/minnow.md of Candor's package has it; npx candor rater check probes/minnow/rater.jsonl --rater minnow:1 measures it.",
  );
  expect(typed("candor check with the scenario says where")).toMatch(/^npx candor check/u);
  expect(typed("docs/none.md, candor judges nobody")).toBe("docs/none.md, candor judges nobody");
});
