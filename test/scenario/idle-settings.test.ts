import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { mistakeInWords } from "../../src/mistakes.js";
import { packageFile } from "../../src/package-root.js";
import { idleSettings, loadScenario } from "../../src/scenario/index.js";
import { candorIn } from "../cli/in-process.js";
import { complaint, folderWith } from "./files.js";

const SCENARIO = `name: x
rounds: 2
population: { size: 12, personas: { benign: rest } }
`;

const TRUSTED = { modules: true, paths: true, keys: true };

/** What is told of a scenario of this text, with the folder's name taken out. */
function told(text: string, ...set: string[]): string[] {
  const folder = folderWith({ "x.yaml": `${SCENARIO}${text}` });
  const { scenario, path } = loadScenario(join(folder, "x.yaml"), set);
  return idleSettings(scenario, path).map((one) => mistakeInWords(one).replace(/^.*x\.yaml/u, "x.yaml"));
}

it.each([
  [
    "preference: { top: 1, level: situation }",
    "x.yaml:4:23 preference.level: it changes nothing: with top: 1 all conversations are learnt from, whichever of them are compared",
  ],
  [
    "preference: { level: persona, top: 12 }",
    "x.yaml:4:15 preference.level: it changes nothing: with top: 12 all conversations are learnt from, whichever of them are compared",
  ],
  [
    "preference: { bottom: 0.2 }",
    "x.yaml:4:15 preference.bottom: it changes nothing: sft does not go by it (kto does)",
  ],
  [
    "preference: { margin: 2 }",
    "x.yaml:4:15 preference.margin: it changes nothing: sft does not go by it (dpo, best_of_n and rloo_rm do)",
  ],
  [
    "preference: { samples_per_turn: 3 }",
    "x.yaml:4:15 preference.samples_per_turn: it changes nothing: sft does not go by it (dpo, best_of_n and rloo_rm do)",
  ],
  [
    "preference: { top: 0.2, samples_per_turn: 2 }\ntraining: { method: dpo }",
    "x.yaml:4:15 preference.top: it changes nothing: dpo does not go by it (sft and kto do)",
  ],
  [
    "training: { beta: 0.5 }",
    "x.yaml:4:13 training.beta: it changes nothing: sft does not go by it (kto, dpo, rloo and rloo_rm do)",
  ],
  [
    "training: { kto_weights: balanced }",
    "x.yaml:4:13 training.kto_weights: it changes nothing: sft does not go by it (kto does)",
  ],
  [
    "training: { external: { command: [./train.sh] } }",
    "x.yaml:4:13 training.external: it changes nothing: trainer: embedded starts no program",
  ],
  [
    "training: { every: 3 }",
    "x.yaml:4:13 training.every: it changes nothing: the first training would come after round 3, and there are 2 rounds: nothing is ever learnt",
  ],
  [
    "training: { every: 2, learning_rate_decay: 0.5 }",
    "x.yaml:4:23 training.learning_rate_decay: it changes nothing: it begins with the second training, and there is none",
  ],
  // Of 12 talks the best 6 have 12 replies, which are one step, twice.
  [
    "training: { save_steps: 2 }",
    "x.yaml:4:13 training.save_steps: it changes nothing: a training has at most 2 steps, and the last is left to the round's own evaluation; lower it",
  ],
  [
    "training: { save_steps: 90, every: 2, batch_size: 1 }",
    "x.yaml:4:13 training.save_steps: it changes nothing: a training has at most 48 steps, and the last is left to the round's own evaluation; lower it",
  ],
])("tells of %s that it does nothing, and where it stands", (text, said) => {
  expect(told(text)).toEqual([said]);
});

it.each([
  "preference: { top: 0.5, level: situation }",
  "preference: { top: 1 }",
  "preference: { bottom: 0.5 }",
  "preference: { bottom: 0.2 }\ntraining: { method: kto, beta: 0.5, kto_weights: balanced }",
  "training: { save_steps: 1 }",
  "training: { save_steps: 47, every: 2, batch_size: 1 }",
  "training: { every: 1, learning_rate_decay: 0.5 }",
  // Who comes again, or a stage, may make more rows.
  "preference: { defences: [{ kind: replay, file: data/minnow-candid.jsonl, share: 0.5 }] }\ntraining: { save_steps: 90 }",
])("tells nothing of %s", (text) => {
  expect(told(text)).toEqual([]);
});

it("tells what nobody goes by where no users are simulated", () => {
  const text = "source: { kind: logs, data: f.jsonl }";
  expect(told(text, "interaction.exchanges=3", "population.held_out=5")).toEqual([
    "x.yaml:3:15 population.size: it changes nothing: with source: logs no users are simulated",
    expect.stringMatching(/ population.held_out: it changes nothing: with source: logs/u),
    expect.stringMatching(/ interaction.exchanges: it changes nothing: with source: logs/u),
  ]);
});

it("tells nothing of what some run of the grid goes by, and what none does where it stands there", () => {
  const base = "preference: { bottom: 0.2, level: situation }\n";
  expect(told(`${base}sweep: { vary: { training.method: [sft, kto] } }`)).toEqual([]);
  expect(told(`${base}sweep: { cases: { a: {}, b: { training.method: kto } } }`)).toEqual([]);
  expect(
    told("sweep: { vary: { preference.level: [global, situation], preference.top: [0.5, 1] } }"),
  ).toEqual([]);
  expect(told("sweep: { cases: { a: {}, b: { training.beta: 0.3 } } }")).toEqual([
    "x.yaml:4:31 training.beta: it changes nothing: sft does not go by it (kto, dpo, rloo and rloo_rm do)",
  ]);
});

it("tells nothing of the scenarios that ship", () => {
  const names = readdirSync(packageFile("scenarios")).filter((name) => name.endsWith(".yaml"));
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) {
    const { scenario, path } = loadScenario(packageFile(`scenarios/${name}`), [], TRUSTED);
    expect(idleSettings(scenario, path), name).toEqual([]);
  }
});

it("refuses a stage that only ranks where all conversations are learnt from", () => {
  const stage = "preference: { top: 1, defences: [{ kind: panel }, { kind: rater_bias }] }";
  const folder = folderWith({ "x.yaml": `${SCENARIO}${stage}` });
  const why = "does nothing with preference.top: 1, by which all conversations are learnt from";
  const said = complaint(folder, () => loadScenario(join(folder, "x.yaml")));
  expect(said).toContain(`x.yaml:4:34 preference.defences[0]: panel ${why}`);
  expect(said).toContain(`x.yaml:4:51 preference.defences[1]: rater_bias ${why}`);
  expect(told(stage.replace("top: 1", "top: 0.5"))).toEqual([]);
});

it.each(["check", "run", "sweep"])("is told by candor %s, before anything is played", async (command) => {
  const folder = folderWith({
    "x.yaml": `${SCENARIO}training: { beta: 0.5 }\n`,
    "runs/y-0123456789/run.json": "{}",
    "runs/y-0123456789/run.log": "",
  });
  rmSync(join(folder, "situations"), { recursive: true });
  // A place that a run may not have ends it.
  const out = command === "check" ? [] : ["--out", "runs/y-0123456789"];
  const { code, stdout, stderr } = await candorIn([command, "x.yaml", ...out], folder);
  expect(code).toBe(command === "check" ? 0 : 2);
  expect(stdout + stderr).toContain(
    `${command === "check" ? "warning" : "note"}: x.yaml:4:13 training.beta: it changes nothing: sft does not go by it (kto, dpo, rloo and rloo_rm do)\n`,
  );
});
