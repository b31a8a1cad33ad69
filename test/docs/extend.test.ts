import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { scaffolds } from "../../src/cli/scaffolds.js";
import { packageFile } from "../../src/package-root.js";
import { installedFolder } from "../check/installed.js";
import { follow, stepsOf } from "./page.js";

it("works as the page says, file by file and command by command", () => {
  const steps = stepsOf("docs/extend.md");
  const outcomes = follow(steps, installedFolder());
  expect(outcomes.map(({ command, code, stderr }) => [command, code, code === 0 ? "" : stderr])).toEqual(
    steps.flatMap((step) => ("command" in step ? [[step.command.join(" "), 0, ""]] : [])),
  );
  const said = Object.fromEntries(outcomes.map(({ command, stdout }) => [command, stdout]));
  expect(said["candor check suites/thanks.mjs --allow-modules"]).toContain(
    "put 3 probes to minnow, 0 failed",
  );
  expect(said["candor run mine.yaml --allow-modules"]).toMatch(/thanks|Short replies/u);
  expect(said["node backwards.mjs"]).toBe("2 runs are done, 0 failed\n");
});

it("names every scaffold", () => {
  const page = readFileSync(packageFile("docs/extend.md"), "utf8");
  for (const { kind } of scaffolds) expect(page).toContain(`candor init --${kind}\``);
});
