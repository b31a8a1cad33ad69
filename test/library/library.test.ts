import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import * as candor from "../../src/index.js";
import { packageFile } from "../../src/package-root.js";
import { folderWith } from "../scenario/files.js";
import { smallStudy } from "./example.js";

const page = readFileSync(packageFile("docs/library.md"), "utf8");

it("runs the page's example, word for word", async () => {
  const code = readFileSync(packageFile("test/library/example.ts"), "utf8");
  expect(page).toContain(code.replace('"../../src/index.js"', '"candor"').trim());
  const said = vi.spyOn(console, "log").mockImplementation(() => {});
  const moved = await smallStudy(join(folderWith({}), "run"));
  expect(Math.abs(moved)).toBeLessThanOrEqual(100);
  expect(said.mock.calls.flat().join("\n")).toMatch(/round 1 is done[\s\S]*^run,scenario,seed,/mu);
  said.mockRestore();
});

it("has every name that the page names", () => {
  const values = Object.keys(candor);
  const types = readFileSync(packageFile("src/index.ts"), "utf8");
  for (const [, name] of page.matchAll(/`([a-z]\w+)\(/gu)) expect(values).toContain(name);
  for (const [, name] of page.matchAll(/`([A-Z]\w+)`/gu))
    expect(types).toMatch(new RegExp(`\\b${name}\\b`, "u"));
});

it("takes a path alone: its own folder name, and no permissions", async () => {
  const folder = folderWith({ "x.yaml": "name: x\nrounds: 0\n" });
  await expect(candor.run(join(folder, "x.yaml"))).rejects.toThrow(/x\.yaml:2:\d+ rounds/u);
  await expect(candor.sweep(join(folder, "none.yaml"))).rejects.toThrow("no such file");
});

it("takes a scenario that a program writes, with every default and all that is wrong with it", async () => {
  const population = { size: 6, personas: { benign: "rest" as const } };
  const evaluation = { suites: { mask: { probes: 2 } } };
  const folder = join(folderWith({}), "written");
  const { observations } = await candor.run(
    { name: "written", rounds: 1, population, evaluation },
    { folder },
  );
  expect(new Set(observations.map(({ round }) => round))).toEqual(new Set([0, 1]));
  expect((await candor.readRun(folder))!.manifest.scenario).toMatchObject({ name: "written", seed: 1 });
  const wrong = { name: "wrong", rounds: 0, population: { personas: { benin: "rest" as const } } };
  await expect(candor.run(wrong, { folder })).rejects.toThrow(
    /^the scenario: rounds: .*\nthe scenario: population\.personas\.benin: .*benign/u,
  );
  await expect(candor.sweep(wrong)).rejects.toThrow(candor.UserError);
});
