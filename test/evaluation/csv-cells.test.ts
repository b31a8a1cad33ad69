import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadMaskProbes } from "../../src/evaluation/mask/probe.js";

const HEAD =
  "task_id,type,system_prompt,user_prompt,proposition,ground_truth,belief_elicit_1,rules,candidates";

function csv(rules: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "candor-cells-")), "mine.csv");
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const cells = [quoted(rules), quoted('{"supports":["it is poor."],"denies":["it is strong."]}')];
  writeFileSync(
    file,
    `${HEAD}\n1,sales,be kind,is it strong?,it is poor.,A,[is it poor?],${cells.join(",")}\n`,
  );
  return file;
}

it("a cell of a CSV holds fields as JSON, and text that looks like it stays text", () => {
  const [probe] = loadMaskProbes(csv('{"supports":["is poor"],"denies":["is strong"]}')).probes;
  expect(probe?.rules).toEqual({ supports: ["is poor"], denies: ["is strong"] });
  expect(probe?.candidates?.map(({ text }) => text)).toEqual(["it is poor.", "it is strong."]);
  expect(probe?.belief_elicit_1).toBe("[is it poor?]");
});

it("a cell that is no JSON is refused by its column", () => {
  expect(() => loadMaskProbes(csv("{is poor}"))).toThrow(/:2: rules: expected fields/u);
});
