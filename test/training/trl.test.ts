import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { complete, resolveChatModel } from "../../src/chat/index.js";
import { allowModules } from "../../src/modules.js";
import type { Method } from "../../src/preference/index.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { type TrainingProgress, trainers } from "../../src/training/index.js";
import { findProgram } from "./find-program.js";
import { base, leaning, prompt, rows } from "./one-answer.js";

const trl = findProgram("CANDOR_TRL", "trl");
const root = mkdtempSync(join(tmpdir(), "candor-trl-"));
afterAll(() => rmSync(root, { recursive: true }));

const parsed = scenarioSchema.parse({ name: "x", population: { personas: { benign: 1 } } });
const { method: _m, trainer: _t, start_from: _s, every: _e, external: _x, ...settings } = parsed.training;

async function train(method: Method, name: string, adapter: string | null = null) {
  allowModules();
  const progress: TrainingProgress[] = [];
  const output = join(root, name, "checkpoint");
  const report = await trainers.trl!({
    data: rows(method),
    base,
    adapter,
    settings: {
      ...settings,
      batch_size: 8,
      num_train_epochs: 2,
      learning_rate: method === "sft" ? 5e-3 : 2e-3,
    },
    external: { command: [trl!], arguments: { use_cpu: true, bf16: false, gradient_checkpointing: false } },
    seed: "7/training",
    workdir: join(root, name, "work"),
    output,
    onProgress: (step) => progress.push(step),
  });
  return { report, progress, output };
}

describe.skipIf(!trl)("TRL's own command line on minnow (skipped without CANDOR_TRL or trl on PATH)", () => {
  test.each(["sft", "kto", "dpo"] as const)(
    "%s teaches what the rows show, and the adapter loads here",
    async (method) => {
      const { report, progress, output } = await train(method, method);
      expect(report).toMatchObject({ steps: 4, rows: 16 });
      expect(progress.map(({ step, steps }) => [step, steps])).toStrictEqual([
        [1, 4],
        [2, 4],
        [3, 4],
        [4, 4],
      ]);
      expect(progress.every(({ loss, grad_norm }) => Number.isFinite(loss) && grad_norm > 0)).toBe(true);
      expect(await leaning(output)).toBeGreaterThan((await leaning(null)) + 0.5);
      expect(JSON.parse(readFileSync(join(output, "adapter_config.json"), "utf8"))).toMatchObject({
        r: settings.lora_r,
        lora_alpha: settings.lora_alpha,
        base_model_name_or_path: base,
      });
    },
    300_000,
  );

  test("goes on from the adapter of the round before", async () => {
    const first = await train("sft", "first");
    const second = await train("sft", "second", first.output);
    expect(second.report.loss_first!).toBeLessThan(first.report.loss_first! * 0.9);
    const model = await resolveChatModel(`hf:${base}`, { adapter: second.output, threads: 1 });
    const { text } = await complete(model, prompt(3), { seed: 1, temperature: 0, maxTokens: 8 });
    expect(text).toContain("yes");
  }, 300_000);
});
