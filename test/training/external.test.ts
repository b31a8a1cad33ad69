import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { UserError } from "../../src/errors.js";
import { NOTHING } from "../../src/permissions/index.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { readAnnounced, readStep } from "../../src/training/external/log-lines.js";
import { type TrainingProgress, type TrainingRequest, trainers } from "../../src/training/index.js";
import { CODE } from "../permissions.js";
import { until } from "../until.js";

const parsed = scenarioSchema.parse({ name: "x", population: { personas: { benign: 1 } } });
const { method: _m, trainer: _t, start_from: _s, every: _e, external: _x, ...settings } = parsed.training;
const root = mkdtempSync(join(tmpdir(), "candor-external-"));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, "run "));
});

/** A trainer that says what it was given and leaves an adapter. */
const PROGRAM = join(root, "trainer.mjs");
writeFileSync(
  PROGRAM,
  `import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
const [what, output, ...rest] = process.argv.slice(2);
if (what === "fail") { console.error("CUDA out of memory"); process.exit(7); }
if (what === "nan") {
  console.error("  Total optimization steps = 400");
  const step = (n, loss, norm) => console.log(\`{'loss': '\${loss}', 'grad_norm': '\${norm}', 'learning_rate': '1e-4', 'epoch': '\${n / 400}'}\`);
  // As mixed fp16 begins: three steps are skipped, then it learns. Then it is lost, and would go on for ever.
  for (const n of [1, 2, 3]) step(n, 1, "inf");
  for (const n of [4, 5]) step(n, 0.9, 1);
  for (let n = 6; n < 30; n++) step(n, 0, "nan");
  setInterval(() => {}, 1000);
} else if (what === "hang") { writeFileSync(output, ""); setInterval(() => {}, 1000); }
else {
  console.error(\`[INFO|trainer.py:9] >>   Num examples = \${what === "drop" ? "1" : "2"}\`);
  console.error("[INFO|trainer.py:9] >>   Total optimization steps = 2");
  for (const step of [1, 2]) console.log(\`{'loss': '\${1 / step}', 'grad_norm': '0.5', 'learning_rate': '1e-4', 'epoch': '\${step / 2}'}\`);
  if (what !== "nothing") {
    mkdirSync(output, { recursive: true });
    for (const name of ["adapter_config.json", "training_args.bin"])
      writeFileSync(output + "/" + name, JSON.stringify({ rest, offline: process.env.HF_HUB_OFFLINE, cards: process.env.CUDA_VISIBLE_DEVICES, noCudnn: process.env.TORCH_CUDNN_SDPA_DEPRIORITIZED }));
    // A safetensors file of no tensors.
    writeFileSync(output + "/adapter_model.safetensors", "\\u0002\\0\\0\\0\\0\\0\\0\\0{}");
  }
}`,
);

function request(command: string[], more: Partial<TrainingRequest> = {}): TrainingRequest {
  const row = (content: string) => ({
    prompt: [{ role: "user" as const, content }],
    completion: [{ role: "assistant" as const, content: "yes" }],
    source: { interaction: "i", exchange: 0 },
  });
  return {
    data: { method: "sft", rows: [row("one"), row("two")] },
    base: "/models/some base",
    adapter: null,
    permissions: CODE,
    settings: { ...settings, batch_size: 1, num_train_epochs: 1 },
    external: { command: [process.execPath, PROGRAM, ...command] },
    seed: "1/training",
    workdir: join(folder, "work"),
    output: join(folder, "checkpoint"),
    ...more,
  };
}

test("no scenario starts a program unless that is allowed", async () => {
  await expect(trainers.command!(request(["ok", "{output}"], { permissions: NOTHING }))).rejects.toThrow(
    /would be started; add --allow-modules/,
  );
  expect(readdirSync(folder)).not.toContain("checkpoint");
});

test("a trainer whose gradients are lost is ended, and the message says since when, and what helps", async () => {
  const given = request(["nan", "{output}"]);
  await expect(trainers.command!(given)).rejects.toThrow(
    /from step 6 on the gradient is not a number \(the loss was 0\.9 before\).*lower training\.learning_rate/,
  );
  expect(existsSync(given.output)).toBe(false);
});

test("a trainer is told not to take the attention that loses gradients, unless somebody said otherwise", async () => {
  const told = (given: TrainingRequest): string =>
    JSON.parse(readFileSync(join(given.output, "adapter_config.json"), "utf8")).noCudnn;
  const given = request(["ok", "{output}"]);
  await trainers.command!(given);
  expect(told(given)).toBe("1");
  vi.stubEnv("TORCH_CUDNN_SDPA_DEPRIORITIZED", "0");
  const other = request(["ok", "{output}"], { output: `${given.output}-2` });
  await trainers.command!(other).finally(() => vi.unstubAllEnvs());
  expect(told(other)).toBe("0");
});

describe("cards", () => {
  const cardsOf = (given: TrainingRequest): string =>
    JSON.parse(readFileSync(join(given.output, "adapter_config.json"), "utf8")).cards;

  test("a trainer sees the card it was placed on, and gives it back", async () => {
    const gpus = { ids: [`${process.pid}-a`, `${process.pid}-b`], trainers: 1 };
    const given = request(["ok", "{output}"], { gpus });
    await trainers.command!(given);
    expect(cardsOf(given)).toBe(gpus.ids[0]);
    const spread = request(["ok", "{output}"], {
      gpus,
      external: { ...given.external, gpus: 2 },
      output: `${given.output}-2`,
    });
    await trainers.command!(spread);
    expect(cardsOf(spread)).toBe(gpus.ids.join(","));
  });

  test("one that fails gives its card back too", async () => {
    const gpus = { ids: [`${process.pid}-c`], trainers: 1 };
    await expect(trainers.command!(request(["fail", "{output}"], { gpus }))).rejects.toThrow(/code 7/);
    const next = request(["ok", "{output}"], { gpus });
    await trainers.command!(next);
    expect(cardsOf(next)).toBe(gpus.ids[0]);
  });

  test("where there are no cards, or a prefix places the trainer, nothing is said about them", async () => {
    const given = request(["ok", "{output}"], { gpus: { ids: [] } });
    await trainers.command!(given);
    expect(cardsOf(given)).toBe(process.env.CUDA_VISIBLE_DEVICES);
    const behind = request(["ok", "{output}"], {
      gpus: { ids: [`${process.pid}-d`] },
      external: { ...given.external, prefix: ["env"] },
      output: `${given.output}-2`,
    });
    await trainers.command!(behind);
    expect(cardsOf(behind)).toBe(process.env.CUDA_VISIBLE_DEVICES);
  });

  test("TRL gets a process for each card of one training, and a step keeps its rows", async () => {
    const gpus = { ids: [`${process.pid}-e`, `${process.pid}-f`] };
    const given = request([], { gpus, settings: { ...settings, batch_size: 8 } });
    const spread = {
      ...given,
      external: { command: ["false"], gpus: 2, arguments: { accelerate_config: "fsdp2" } },
    };
    await expect(trainers.trl!(spread)).rejects.toThrow(/code 1/);
    expect(parse(readFileSync(join(given.workdir, "trl.yaml"), "utf8"))).toMatchObject({
      num_processes: 2,
      per_device_train_batch_size: 4,
      accelerate_config: "fsdp2",
    });
    await expect(trainers.trl!({ ...spread, settings: { ...settings, batch_size: 3 } })).rejects.toThrow(
      /batch_size 3 cannot be shared out among 2 cards/,
    );
  });
});

describe("command", () => {
  test("gets rows, settings and folders by its arguments, and its adapter is taken over", async () => {
    const progress: TrainingProgress[] = [];
    const given = request(
      ["ok", "{output}", "{method}", "{base}", "{adapter}", "--data={data}", "{settings}"],
      {
        onProgress: (step) => progress.push(step),
      },
    );
    expect(await trainers.command!(given)).toStrictEqual({
      steps: 2,
      rows: 2,
      tokens: null,
      loss_first: 1,
      loss_last: 0.5,
    });
    expect(progress.map(({ step, steps, loss }) => [step, steps, loss])).toStrictEqual([
      [1, 2, 1],
      [2, 2, 0.5],
    ]);
    expect(readdirSync(given.output).sort()).toStrictEqual([
      "adapter_config.json",
      "adapter_model.safetensors",
    ]);
    const { rest, offline } = JSON.parse(readFileSync(join(given.output, "adapter_config.json"), "utf8"));
    const [data, config] = [join(given.workdir, "train.jsonl"), join(given.workdir, "settings.json")];
    expect(rest).toStrictEqual(["sft", "/models/some base", "", `--data=${data}`, config]);
    expect(offline).toBe("1");
    expect(JSON.parse(readFileSync(data, "utf8").split("\n")[0]!)).toStrictEqual({
      prompt: [{ role: "user", content: "one" }],
      completion: [{ role: "assistant", content: "yes" }],
    });
    expect(JSON.parse(readFileSync(config, "utf8"))).toMatchObject({
      method: "sft",
      lora_r: 32,
      batch_size: 1,
    });
  });

  test("runs behind a prefix, with its environment", async () => {
    const given = request(["ok", "{output}"]);
    given.external!.prefix = ["env", "-u", "HF_HUB_OFFLINE"];
    await trainers.command!(given);
    const { offline } = JSON.parse(readFileSync(join(given.output, "adapter_config.json"), "utf8"));
    expect(offline).toBe("1");
  });

  test("that fails says why, and leaves the old checkpoint", async () => {
    const given = request(["fail"]);
    mkdirSync(given.output);
    writeFileSync(join(given.output, "old"), "");
    await expect(trainers.command!(given)).rejects.toMatchObject({
      name: "OutsideFailed",
      message: expect.stringMatching(
        /ended with code 7 \(all it said: .*trainer.log\):\nCUDA out of memory/u,
      ),
    });
    await expect(trainers.command!(request(["nothing", "{output}"]))).rejects.toThrow("left no adapter");
    expect(readdirSync(given.output)).toStrictEqual(["old"]);
  });

  test("that drops rows without a word is found out", async () => {
    await expect(trainers.command!(request(["drop", "{output}"]))).rejects.toThrow(
      /trained on 1 of 2 rows and dropped the others .*training\.max_length/,
    );
  });

  test("that hangs ends with the run", async () => {
    const controller = new AbortController();
    const started = join(folder, "started");
    const training = trainers.command!(request(["hang", started], { signal: controller.signal }));
    await Promise.all([
      expect(training).rejects.toThrow("enough"),
      until(() => existsSync(started)).then(() => controller.abort(new Error("enough"))),
    ]);
  });

  test("is asked for by name where it is missing, and its places are checked", async () => {
    await expect(trainers.command!(request([], { external: {} }))).rejects.toThrow(UserError);
    await expect(trainers.command!(request(["{outptu}"]))).rejects.toThrow('did you mean "output"?');
  });
});

describe("trl and llamafactory", () => {
  /** Started in the place of the other program: writes the adapter where the generated file says. */
  const IMPOSTOR = join(root, "impostor.mjs");
  writeFileSync(
    IMPOSTOR,
    `import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
const config = readFileSync(process.argv.at(-1), "utf8");
const output = /^output_dir: (.*)$/m.exec(config)[1].replaceAll('"', "");
mkdirSync(output, { recursive: true });
writeFileSync(output + "/adapter_config.json", JSON.stringify(process.argv.slice(2)));
writeFileSync(output + "/adapter_model.safetensors", "\\u0002\\0\\0\\0\\0\\0\\0\\0{}");`,
  );
  const given = (more: Partial<TrainingRequest> = {}) =>
    request([], {
      external: { command: [process.execPath, IMPOSTOR], arguments: { bf16: true, logging_steps: 5 } },
      ...more,
    });

  test("trl is given its method and one file, with the settings under its names and yours over them", async () => {
    const request = given();
    await trainers.trl!(request);
    const file = join(request.workdir, "trl.yaml");
    expect(JSON.parse(readFileSync(join(request.output, "adapter_config.json"), "utf8"))).toStrictEqual([
      "sft",
      "--config",
      file,
    ]);
    expect(parse(readFileSync(file, "utf8"))).toMatchObject({
      model_name_or_path: "/models/some base",
      datasets: [{ path: "json", data_files: join(request.workdir, "train.jsonl"), split: "train" }],
      report_to: "none",
      lora_target_modules: settings.target_modules,
      bf16: true,
      logging_steps: 5,
    });
  });

  test("trl goes on from an adapter, or from where it was interrupted", async () => {
    const adapter = join(folder, "before");
    mkdirSync(adapter);
    for (const name of ["adapter_config.json", "adapter_model.safetensors"])
      writeFileSync(join(adapter, name), name);
    const request = given({ adapter });
    await trainers.trl!(request);
    const config = () => parse(readFileSync(join(request.workdir, "trl.yaml"), "utf8"));
    const start = config().resume_from_checkpoint;
    expect(readFileSync(join(start, "adapter_model.safetensors"), "utf8")).toBe("adapter_model.safetensors");
    expect(JSON.parse(readFileSync(join(start, "trainer_state.json"), "utf8"))).toMatchObject({
      global_step: 0,
    });
    for (const step of [4, 12, 20]) mkdirSync(join(request.workdir, `adapter/checkpoint-${step}`));
    for (const step of [4, 12])
      writeFileSync(join(request.workdir, `adapter/checkpoint-${step}/trainer_state.json`), "{}");
    await trainers.trl!(request);
    // The newest one was not written to its end.
    expect(config().resume_from_checkpoint).toBe(join(request.workdir, "adapter/checkpoint-12"));
  });

  test("llamafactory is given one file that describes data and adapter", async () => {
    const request = given({ adapter: "/adapters/1" });
    await trainers.llamafactory!(request);
    const file = join(request.workdir, "llama_factory.yaml");
    expect(JSON.parse(readFileSync(join(request.output, "adapter_config.json"), "utf8"))).toStrictEqual([
      "train",
      file,
    ]);
    expect(parse(readFileSync(file, "utf8"))).toMatchObject({
      stage: "sft",
      dataset_dir: request.workdir,
      dataset: "candor",
      adapter_name_or_path: "/adapters/1",
      create_new_adapter: false,
      output_dir: join(request.workdir, "adapter"),
      bf16: true,
    });
    expect(JSON.parse(readFileSync(join(request.workdir, "dataset_info.json"), "utf8"))).toHaveProperty(
      "candor",
    );
  });
});

test.each([
  ["[INFO|trainer.py:2] >>   Num examples = 12,345", { rows: 12_345 }],
  ["  Total optimization steps = 1,544", { steps: 1544 }],
  ["Num Epochs = 2", {}],
])("a trainer's line %s", (line, told) => {
  expect(readAnnounced(line)).toStrictEqual(told);
});

test.each([
  [
    "{'loss': '2.06', 'grad_norm': '1.5', 'learning_rate': '1e-05', 'num_tokens': '120', 'epoch': '0.5'}",
    { loss: 2.06, grad_norm: 1.5, learning_rate: 1e-5, tokens: 120, epoch: 0.5, finite: true },
  ],
  [
    " 25%|██▌  | 1/4 [00:00<00:00]{'loss': 0.7, 'grad_norm': 2, 'learning_rate': 0.001, 'epoch': 1.0}",
    { loss: 0.7, grad_norm: 2, learning_rate: 0.001, tokens: null, epoch: 1, finite: true },
  ],
  [
    "{'loss': '0', 'grad_norm': 'nan', 'learning_rate': '2e-4', 'epoch': '1'}",
    { loss: 0, grad_norm: Number.NaN, learning_rate: 2e-4, tokens: null, epoch: 1, finite: false },
  ],
  [
    "{'loss': '1.5', 'learning_rate': '2e-4', 'epoch': '1'}",
    { loss: 1.5, grad_norm: Number.NaN, learning_rate: 2e-4, tokens: null, epoch: 1, finite: true },
  ],
  ["{'train_runtime': '3.1', 'train_loss': '1.2', 'epoch': '2'}", null],
  ["Loading weights: 100%", null],
])("a trainer's line %s", (line, step) => {
  expect(readStep(line)).toStrictEqual(step);
});
