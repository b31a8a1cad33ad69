import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { fileSchemas, referencePage } from "../../src/check/index.js";
import { packageFile } from "../../src/package-root.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { candorIn } from "../cli/in-process.js";
import { folderWith } from "../scenario/files.js";

it("is what the schemas say today (npm run candor -- schema --markdown > docs/reference.md)", () => {
  expect(readFileSync(packageFile("docs/reference.md"), "utf8")).toBe(referencePage());
});

it("has every field of a scenario, those of kinds and of names too, with what it is for", () => {
  const page = referencePage();
  for (const name of Object.keys(scenarioSchema.shape))
    expect(page).toMatch(new RegExp(`\`${name}[\`.]`, "u"));
  for (const field of [
    "population.life.stay.trusting",
    "training.target_modules",
    "evaluation.suites.<name>.module",
    "budget.usd",
    "behaviour.coalition.share",
    "<name>.input",
  ])
    expect(page).toContain(`\`${field}\``);
  expect(page).toContain("### `preference.defences[]`, `kind: trim`");
  const mute = page.split("\n").filter((line) => /^\| `.*\| *\|$/u.test(line));
  expect(mute).toEqual([]);
});

it("is printed for each kind as JSON Schema", async () => {
  const folder = folderWith({});
  for (const kind of Object.keys(fileSchemas))
    expect(JSON.parse((await candorIn(["schema", kind], folder)).stdout)).toHaveProperty("$schema");
  expect(await candorIn(["schema", "persnoa"], folder)).toMatchObject({ code: 2, stdout: "" });
});

it("has descriptions that stand alone, as editors show each by itself", () => {
  const leaning = /\| (?:The same|As above|Likewise|Ditto)\b/u;
  expect(leaning.test("| `biased` | text | needed | The same for the biased thought. |")).toBe(true);
  const lines = readFileSync(packageFile("docs/reference.md"), "utf8").split("\n");
  expect(lines.filter((line) => leaning.test(line))).toEqual([]);
});
