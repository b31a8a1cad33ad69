import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scaffolds } from "../../src/cli/scaffolds.js";
import { packageFile } from "../../src/package-root.js";
import { installedFolder } from "../check/installed.js";
import { candorIn } from "../cli/in-process.js";
import { follow, stepsOf } from "./page.js";

const page = readFileSync(packageFile("docs/extend.md"), "utf8");

it("works as the page says, file by file and command by command", async () => {
  const steps = stepsOf("docs/extend.md");
  const folder = installedFolder();
  const outcomes = await follow(steps, folder, { apart: true });
  expect(outcomes.map(({ command, code, stderr }) => [command, code, code === 0 ? "" : stderr])).toEqual(
    steps.flatMap((step) => ("command" in step ? [[step.command.join(" "), 0, ""]] : [])),
  );
  const said = Object.fromEntries(outcomes.map(({ command, stdout }) => [command, stdout]));
  expect(said["candor check suites/thanks.mjs --allow-modules"]).toContain(
    "put 3 probes to minnow, 0 failed",
  );
  expect(said["candor run mine.yaml --allow-modules"]).toMatch(/thanks|Short replies/u);
  expect(said["node backwards.mjs"]).toBe("2 runs are done, 0 failed\n");
  // What is to be written into a scenario can be written there as it stands.
  const snippets = [...page.matchAll(/In a\s+scenario:\s+(?:`([^`]+)`|```yaml\n(.*?)^```)/gmsu)];
  expect(snippets).toHaveLength(8);
  for (const [at, [, inline, block]] of snippets.entries()) {
    const text = inline ?? block!;
    const users = text.startsWith("population") ? "" : "population: { personas: { benign: rest } }\n";
    writeFileSync(join(folder, `s${at}.yaml`), `name: s${at}\nrounds: 1\n${users}${text}\n`);
    const { stderr } = await candorIn(["check", `s${at}.yaml`, "--allow-modules"], folder);
    expect([text, stderr]).toEqual([text, ""]);
  }
});

it("names every scaffold, in commands that write it", async () => {
  const named = [...page.matchAll(/candor (init (?:\w+ )?--(\w+))/gu)];
  expect(new Set(named.map(([, , kind]) => kind))).toEqual(new Set(scaffolds.map(({ kind }) => kind)));
  for (const [, command] of named)
    expect(await candorIn(command!.split(" "), installedFolder())).toMatchObject({ code: 0, stderr: "" });
});
