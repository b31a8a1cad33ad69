import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { balancedKtoWeights, exportLlamaFactory, exportTrl, toRows } from "../../src/preference/index.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { talk } from "./talks.js";

const { training } = scenarioSchema.parse({ name: "x", population: { personas: { benign: 1 } } });
const { method: _method, trainer: _trainer, start_from: _start, every: _every, ...settings } = training;
const chosen = {
  top: [talk("a", 20, "a", 1)],
  bottom: [talk("b", 2, "b", 1)],
  unusable: 0,
  wanted: { top: 1, bottom: 1 },
};
const request = (method: "sft" | "kto") => ({
  data: toRows(method, chosen, "seed"),
  settings,
  model: "some/model",
  seed: 3,
});
const lines = (text: string): unknown[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

const prompt = (name: string) => [
  { role: "system", content: "help" },
  { role: "user", content: name },
];
const completion = (name: string) => [{ role: "assistant", content: `${name} reply 0` }];

describe("exportTrl", () => {
  it("writes conversational rows with TRL's columns and nothing else", () => {
    expect(lines(exportTrl(request("sft"))["train.jsonl"]!)).toEqual([
      { prompt: prompt("a"), completion: completion("a") },
    ]);
    expect(lines(exportTrl(request("kto"))["train.jsonl"]!)).toEqual(
      expect.arrayContaining([
        { prompt: prompt("a"), completion: completion("a"), label: true },
        { prompt: prompt("b"), completion: completion("b"), label: false },
      ]),
    );
  });

  it("calls the settings what TRL's command line calls them", () => {
    const config = parse(exportTrl(request("kto"))["trl.yaml"]!);
    expect(config).toMatchObject({
      model_name_or_path: "some/model",
      datasets: [{ path: "json", data_files: "train.jsonl", split: "train" }],
      use_peft: true,
      lora_r: 32,
      lora_alpha: 64,
      lora_dropout: 0,
      lora_target_modules: settings.target_modules,
      per_device_train_batch_size: 16,
      warmup_steps: 0,
      beta: 0.1,
      desirable_weight: 1,
      seed: 3,
    });
    const sft = parse(exportTrl(request("sft"))["trl.yaml"]!);
    for (const unknown of ["beta", "desirable_weight", "batch_size", "target_modules", "warmup_ratio"]) {
      expect(sft).not.toHaveProperty(unknown);
    }
  });
});

describe("exportLlamaFactory", () => {
  it("writes sharegpt rows and describes them", () => {
    const files = exportLlamaFactory(request("kto"));
    expect(JSON.parse(files["train.json"]!)).toEqual(
      expect.arrayContaining([{ messages: [...prompt("b"), ...completion("b")], label: false }]),
    );
    expect(JSON.parse(files["dataset_info.json"]!).candor).toMatchObject({
      file_name: "train.json",
      formatting: "sharegpt",
      columns: { messages: "messages", kto_tag: "label" },
    });
    expect(parse(files["llama_factory.yaml"]!)).toMatchObject({
      stage: "kto",
      dataset: "candor",
      pref_beta: 0.1,
      lora_rank: 32,
    });
  });

  it("takes the sft loss on the last turn only, since every reply is a row of its own", () => {
    expect(parse(exportLlamaFactory(request("sft"))["llama_factory.yaml"]!)).toMatchObject({
      stage: "sft",
      mask_history: true,
    });
  });
});

describe("balancedKtoWeights", () => {
  const rows = (desirable: number, undesirable: number) =>
    Array.from({ length: desirable + undesirable }, (_, index) => ({ label: index < desirable })) as never[];
  const even = { desirable_weight: 1, undesirable_weight: 1 };

  it("is null inside the band and where there is nothing to balance", () => {
    for (const [desirable, undesirable] of [
      [100, 100],
      [120, 100],
      [133, 100],
      [0, 5],
      [5, 0],
    ] as const) {
      expect(balancedKtoWeights(rows(desirable, undesirable), even)).toBeNull();
    }
  });

  it.each([
    [100, 120],
    [100, 700],
    [300, 100],
    [1, 3],
    [134, 100],
  ])("brings %i against %i into the band", (desirable, undesirable) => {
    const weights = balancedKtoWeights(rows(desirable, undesirable), even)!;
    const ratio = (weights.desirable_weight * desirable) / (weights.undesirable_weight * undesirable);
    expect(ratio).toBeGreaterThanOrEqual(1);
    expect(ratio).toBeLessThanOrEqual(4 / 3);
  });
});
