import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scaffolds } from "../../src/cli/scaffolds.js";
import { packageFile } from "../../src/package-root.js";
import { readRun } from "../../src/runs/index.js";
import { candor } from "../cli/candor.js";
import { installedFolder } from "./installed.js";

const SCENARIO = `
name: mine
rounds: 1
situations: my-pack
models:
  user: { model: "module:providers/my-model.mjs", options: { habit: "please." } }
population: { size: 12, personas: { benign: rest, my-persona: 0.5 } }
preference:
  defences: [{ kind: module, path: stages/my-stage.mjs, options: { least: 9 } }]
training:
  num_train_epochs: 1
  trainer: command
  external:
    command: [node, trainers/my-trainer.mjs, "{data}", "{settings}", "{base}", "{adapter}", "{output}"]
evaluation:
  suites:
    mask: { file: probes/my-probes.yaml }
    my-suite: { module: suites/my-suite.mjs }
`;

it("writes a file of each kind that candor check accepts, and a run is made of all of them", async () => {
  const folder = installedFolder({ "mine.yaml": SCENARIO });
  expect(scaffolds.map(({ kind }) => kind).sort()).toEqual(
    readdirSync(packageFile("scaffolds"))
      .map((name) => name.replace(/\..*$/u, ""))
      .sort(),
  );
  for (const { kind } of scaffolds) {
    const { code, stdout } = candor(["init", `--${kind}`], folder);
    expect([kind, code]).toEqual([kind, 0]);
    const [, command] = /right: (?:npx candor|npm run candor --|candor) (.*)$/mu.exec(stdout)!;
    const checked = candor(command!.split(" "), folder);
    expect([checked.stderr, checked.code]).toEqual(["", 0]);
    expect(checked.stdout.length).toBeGreaterThan(20);
  }
  expect(candor(["check", "mine.yaml", "--allow-modules"], folder)).toMatchObject({ code: 0, stderr: "" });

  const played = candor(["run", "mine.yaml", "--allow-modules", "--json", "--out", "runs"], folder);
  expect([played.code, played.stderr]).toEqual([0, expect.any(String)]);
  const name = readdirSync(join(folder, "runs")).find((one) => one.startsWith("mine-"))!;
  const run = await readRun(join(folder, "runs", name));
  const [, last] = run!.rounds;
  const suites = new Set(last!.metrics.map(({ suite }) => suite));
  expect([...suites].sort()).toEqual(["mask", "my-suite"]);
  // Every part had its say: the persona was drawn, the provider spoke, the stage and the trainer did their work.
  const path = join(folder, "runs", name, "rounds/001");
  expect(readFileSync(join(path, "population.jsonl"), "utf8")).toContain('"my-persona"');
  expect(readFileSync(join(path, "interactions.jsonl"), "utf8")).toContain(" please.");
  // The trainer's own lines were read as its steps.
  expect(readFileSync(join(path, "training.jsonl"), "utf8")).toMatch(/"step":1,"steps":\d+,"loss":\d/u);
  expect(readFileSync(join(path, "round.json"), "utf8")).toContain('"my-stage"');
});

it("takes a name alone, refuses two kinds at once, and never overwrites", () => {
  const folder = installedFolder();
  expect(candor(["init", "skeptic", "--persona"], folder).stdout).toContain("wrote personas/skeptic.yaml");
  expect(readFileSync(join(folder, "personas/skeptic.yaml"), "utf8")).toMatch(/^name: skeptic$/mu);
  expect(candor(["init", "skeptic", "--persona"], folder)).toMatchObject({ code: 2 });
  expect(candor(["init", "own/place.mjs", "--suite"], folder).stdout).toContain("wrote own/place.mjs");
  const both = candor(["init", "--suite", "--pack"], folder);
  expect([both.code, both.stderr]).toEqual([2, "candor: init writes one file at a time; name one kind\n"]);
  expect(existsSync(join(folder, "suites"))).toBe(false);
});
