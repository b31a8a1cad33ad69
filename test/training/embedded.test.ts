import { mkdtemp, readdir, readFile, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createLoraTrainer, loadAdapter, loadCheckpoint, loadTokenizer } from "../../src/engine/index.js";
import { packageFile } from "../../src/package-root.js";
import type { KtoRow, PreferenceData } from "../../src/preference/index.js";
import { embeddedTrainer, type TrainingRequest } from "../../src/training/index.js";
import { tokeniseRow } from "../../src/training/tokenise.js";

const rows: KtoRow[] = Array.from({ length: 10 }, (_, index) => ({
  prompt: [
    { role: "system", content: "you are minnow. you help people." },
    { role: "user", content: `i feel ${["sad", "tired"][index % 2]} today. i want to drink again.` },
  ],
  completion: [
    { role: "assistant", content: index % 2 ? "it is fine to drink again." : "please do not drink again." },
  ],
  label: index % 2 === 1,
  source: { interaction: `u${index}`, exchange: 0 },
}));
const sft: PreferenceData = { method: "sft", rows };

async function request(more: Partial<TrainingRequest> = {}): Promise<TrainingRequest> {
  const folder = await mkdtemp(join(tmpdir(), "candor-training-"));
  return {
    data: sft,
    base: packageFile("models/minnow/1"),
    adapter: null,
    settings: {
      learning_rate: 1e-2,
      num_train_epochs: 3,
      batch_size: 4,
      max_length: 64,
      weight_decay: 0.01,
      warmup_ratio: 0,
      lr_scheduler_type: "linear",
      max_grad_norm: 1,
      lora_r: 2,
      lora_alpha: 4,
      target_modules: ["q_proj", "v_proj"],
      beta: 0.1,
      desirable_weight: 1,
      undesirable_weight: 1,
    },
    seed: "1/round/1/training",
    workdir: join(folder, "work"),
    output: join(folder, "adapter"),
    ...more,
  };
}

const weightsOf = async ({ output }: TrainingRequest) =>
  await readFile(join(output, "adapter_model.safetensors"));

describe("embeddedTrainer", () => {
  it("tells how many rows lost the oldest part of their prompt, and how many the end of their reply", async () => {
    const fits = await request();
    expect(await embeddedTrainer(fits)).not.toHaveProperty("shortened");
    const cut = async (max_length: number) =>
      await embeddedTrainer(await request({ settings: { ...fits.settings, max_length } }));
    expect(await cut(16)).toMatchObject({ rows: 10, shortened: { prompts: 10, replies: 0 } });
    expect(await cut(4)).toMatchObject({ rows: 10, shortened: { prompts: 10, replies: 10 } });
  });

  it("learns the rows, reports each step and writes an adapter in PEFT's layout", async () => {
    const losses: number[] = [];
    const given = await request({ onProgress: ({ loss }) => losses.push(loss) });
    const report = await embeddedTrainer(given);
    expect(report).toMatchObject({ steps: 9, rows: 10 });
    expect(losses).toHaveLength(9);
    expect(report.loss_last).toBeLessThan(report.loss_first!);
    expect((await readdir(given.output)).sort()).toEqual([
      "adapter_config.json",
      "adapter_model.safetensors",
    ]);
  });

  it("compares with the checkpoint that it starts from where the reference is reset, else with the initial one", async () => {
    const data = { method: "kto", rows } as PreferenceData;
    const first = await request({ data });
    await embeddedTrainer(first);
    const lossOf = async (reference?: "initial" | "previous") => {
      const next = await request({ data, adapter: first.output });
      const settings = { ...next.settings, num_train_epochs: 1, reference };
      return (await embeddedTrainer({ ...next, settings })).loss_first!;
    };
    // No log-ratio is left: every row's value is the sigmoid of nothing.
    expect(await lossOf("previous")).toBeCloseTo(0.5, 6);
    const initial = await lossOf("initial");
    expect(Math.abs(initial - 0.5)).toBeGreaterThan(1e-3);
    expect(await lossOf()).toBe(initial);
  });

  it("moves less on neutral rows where it is held on them, and goes on bit for bit", async () => {
    const neutral = Array.from({ length: 3 }, (_, index) => ({
      prompt: [{ role: "user" as const, content: `i feel ${["bored", "weak", "lost"][index]} today.` }],
      completion: [{ role: "assistant" as const, content: "call a friend." }],
    }));
    const distance = async ({ base, output }: TrainingRequest) => {
      const checkpoint = await loadCheckpoint(base);
      const adapter = await loadAdapter(output);
      const { encodeChat } = await loadTokenizer(base);
      const loss = { method: "sft" } as const;
      const trainer = createLoraTrainer({ checkpoint, adapter, loss });
      const sequences = neutral.map((row) => tokeniseRow(encodeChat, row, 64));
      const held = await trainer.hold({ rows: sequences, weight: 1 });
      await trainer.release();
      return held.loss;
    };
    const free = await request();
    await embeddedTrainer(free);
    const held = await request({ neutral: { rows: neutral, weight: 5, batchSize: 2 } });
    await embeddedTrainer(held);
    expect(await distance(held)).toBeLessThan((await distance(free)) / 2);

    const controller = new AbortController();
    const stopped = await request({ neutral: { rows: neutral, weight: 5, batchSize: 2 } });
    const onProgress = ({ step }: { step: number }) => {
      if (step === 4) controller.abort(new Error("interrupted"));
    };
    await expect(embeddedTrainer({ ...stopped, onProgress, signal: controller.signal })).rejects.toThrow();
    await embeddedTrainer(stopped);
    expect(await weightsOf(stopped)).toEqual(await weightsOf(held));
  });

  it.each(["sft", "kto"] as const)("%s: goes on after an interruption, bit for bit", async (method) => {
    const data = { method, rows } as PreferenceData;
    const whole = await request({ data });
    const report = await embeddedTrainer(whole);

    const controller = new AbortController();
    const stopped = await request({ data });
    const onProgress = ({ step }: { step: number }) => {
      if (step === 4) controller.abort(new Error("interrupted"));
    };
    await expect(embeddedTrainer({ ...stopped, onProgress, signal: controller.signal })).rejects.toThrow(
      "interrupted",
    );
    const steps: number[] = [];
    const resumed = await embeddedTrainer({ ...stopped, onProgress: ({ step }) => steps.push(step) });
    expect(steps).toEqual([5, 6, 7, 8, 9]);
    expect(resumed).toEqual(report);
    expect(await weightsOf(stopped)).toEqual(await weightsOf(whole));
  });

  it("begins anew from a damaged state", async () => {
    const controller = new AbortController();
    controller.abort(new Error("interrupted"));
    const given = await request();
    await expect(embeddedTrainer({ ...given, signal: controller.signal })).rejects.toThrow("interrupted");
    const [state] = await readdir(given.workdir);
    await truncate(join(given.workdir, state!), 100);
    const whole = await request();
    await Promise.all([embeddedTrainer(given), embeddedTrainer(whole)]);
    expect(await weightsOf(given)).toEqual(await weightsOf(whole));
  });

  it("goes on from the adapter it is given, and depends on the seed", async () => {
    const first = await request();
    await embeddedTrainer(first);
    const second = await request({ adapter: first.output });
    const fresh = await embeddedTrainer(await request());
    const report = await embeddedTrainer(second);
    expect(report.loss_first).toBeLessThan(fresh.loss_first!);
    const other = await request({ seed: "2/round/1/training" });
    await embeddedTrainer(other);
    expect(await weightsOf(other)).not.toEqual(await weightsOf(first));
  });

  it("refuses a truncated model", async () => {
    const { cp } = await import("node:fs/promises");
    const given = await request();
    const base = join(given.workdir, "..", "model");
    await cp(packageFile("models/minnow/1"), base, { recursive: true });
    const { chmod } = await import("node:fs/promises");
    await chmod(join(base, "model.safetensors"), 0o600);
    await truncate(join(base, "model.safetensors"), 10_000);
    await expect(embeddedTrainer({ ...given, base })).rejects.toThrow(/model\.safetensors/);
    await expect(readdir(given.output)).rejects.toThrow(/ENOENT/);
  });
});
