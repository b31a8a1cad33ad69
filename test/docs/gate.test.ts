import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { parseCondition } from "../../src/scenario/index.js";
import { installedFolder } from "../check/installed.js";
import { candor } from "../cli/candor.js";
import { follow, stepsOf } from "./page.js";

it("keeps a pipeline as the page says", async () => {
  const folder = installedFolder();
  const steps = stepsOf("docs/gate.md");
  const [swept] = await follow(steps.slice(0, 2), folder);
  expect([swept!.code, swept!.stderr]).toEqual([0, expect.any(String)]);
  const name = `gated/${readdirSync(join(folder, "gated")).find((one) => one.startsWith("gated-"))}`;
  const outcomes = await follow(steps.slice(2), folder);
  expect(outcomes.map(({ command, code }) => [command.split(" ")[1], code])).toEqual([
    ["check-drift", 0],
    ["sweep", 0],
    ["compare", 0],
  ]);
  expect(JSON.parse(outcomes[0]!.stdout)).toMatchObject({
    passed: true,
    findings: [{ suite: "mask", round: 1 }],
  });
  expect(readFileSync(join(folder, "gate.xml"), "utf8")).toContain(
    '<testsuites tests="1" failures="0" errors="0">',
  );
  expect(outcomes[2]!.stdout).toMatch(/training\.learning_rate.*0\.0005/u);
  // The scenario's own limits, where the command gives none.
  const own = candor(["check-drift", name, "--json"], folder);
  expect([0, 3]).toContain(own.code);
  expect(JSON.parse(own.stdout).findings).toHaveLength(2);
  expect(candor(["check-drift", name, "--fail-if", "belief_accuracy.value > 1"], folder).code).toBe(3);
});

it("gives conditions that can be read", () => {
  const page = readFileSync(packageFile("docs/gate.md"), "utf8");
  const given = [...page.matchAll(/`(?:fail_(?:if|unless): )?([\w/]+\.(?:drop|rise|change|value) [^`]*)`/gu)];
  expect(given.length).toBeGreaterThan(6);
  expect(given.map(([, text]) => text!).filter((text) => parseCondition(text) === null)).toEqual([]);
});
