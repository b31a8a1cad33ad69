import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { initAdapter, loadAdapter, loadCheckpoint, saveAdapter } from "../../src/engine/index.js";
import type { MethodName } from "../../src/methods/index.js";
import type { Message } from "../../src/models/types.js";
import type { PreferenceData } from "../../src/preference/index.js";
import { stream } from "../../src/random.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { batches } from "../../src/training/batches.js";
import {
  settingsFor,
  type TrainingProgress,
  type TrainingRequest,
  trainers,
} from "../../src/training/index.js";
import { CODE } from "../permissions.js";
import { warmCommand } from "../reference/one-python.js";
import { pythonWith } from "../reference/python.js";
import { base, expectTaught, trainerOf } from "./one-answer.js";

// Everything that a scenario says of training, once through our own trainer and once through the exported files and TRL's command
// line, from the same adapter: after it both have the same weights.

const python = pythonWith("torch", "transformers", "peft", "trl");
const root = mkdtempSync(join(tmpdir(), "candor-grid-"));
afterAll(() => rmSync(root, { recursive: true }));

const ON_PROCESSOR = { use_cpu: true, bf16: false, gradient_checkpointing: false };
const SEED = "5/training";
const ROWS = 8;

/** Rows whose prompts and replies have from a few to some forty words. */
function data(method: MethodName): PreferenceData {
  const words = "the boat is safe and you can wait at sea for some time but not too long".split(" ");
  const some = (count: number, from: number) =>
    Array.from({ length: count }, (_, at) => words[(from + at * 5) % words.length]).join(" ");
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const prompt: Message[] = [
      { role: "system", content: some(3 + row, row) },
      { role: "user", content: some(4 + ((row * 5) % 13), row + 1) },
      { role: "assistant", content: some(3, row + 2) },
      { role: "user", content: some(3 + ((row * 3) % 5), row + 3) },
    ];
    const reply = (length: number, from: number): Message[] => [
      { role: "assistant", content: some(length, from) },
    ];
    const source = { interaction: `i${row}`, exchange: 0 };
    // One reply is longer than the shortest max_length of the grid.
    const length = row === 2 ? 24 : 3 + (row % 4) * 3;
    if (method === "dpo") return { prompt, chosen: reply(length, row), rejected: reply(4, row + 7), source };
    const completion = reply(length, row);
    return method === "kto"
      ? { prompt, completion, label: row % 3 !== 0, source }
      : { prompt, completion, source };
  });
  return { method, rows } as PreferenceData;
}

/** A norm that no gradient exceeds. The others lie between a training's own: AdamW would not see that all are shortened alike. */
const LONG = 50;

/** Each pair of values of any two columns is there, but for a few. */
const GRID = [
  ["sft", "constant", 0, 4, 1, 160, LONG],
  ["sft", "linear", 0.3, 8, 3, 20, LONG],
  ["sft", "cosine", 1, 3, 1, 28, 8],
  ["kto", "constant", 0.3, 3, 1, 20, LONG],
  ["kto", "linear", 1, 4, 2, 160, 4],
  ["kto", "cosine", 0, 8, 4, 28, LONG],
  // The last step has one row, which is then its own mismatched pair.
  ["kto", "constant", 0, 7, 1, 160, LONG],
  ["dpo", "constant", 1, 8, 4, 28, LONG],
  ["dpo", "linear", 0, 3, 1, 20, 8],
  ["dpo", "cosine", 0.3, 4, 2, 160, 5],
] as const;

async function startFrom(folder: string): Promise<string> {
  const { config } = await loadCheckpoint(base);
  const adapter = initAdapter(
    config,
    { r: 2, lora_alpha: 6, target_modules: ["q_proj", "v_proj", "down_proj"] },
    stream("grid"),
  );
  const random = stream("grid/b");
  for (const { data } of adapter.weights.values())
    data.set(data.map((value) => value || (random() - 0.5) / 10));
  await saveAdapter(folder, adapter, base);
  return folder;
}

describe.skipIf(!python)(
  "our trainer and TRL's command line (skipped without torch, transformers, PEFT and TRL)",
  () => {
    // `trl.test.ts` starts TRL as people do.
    let warm: Awaited<ReturnType<typeof warmCommand>>;
    beforeAll(async () => {
      warm = await warmCommand(python!);
    });

    test.each(["kto", "dpo"] as const)(
      "%s teaches what the rows show, and the adapter loads here",
      async (method) => {
        const external = { command: [...warm, "trl"], arguments: ON_PROCESSOR };
        await expectTaught(await trainerOf("trl", { external, root })(method, `taught-${method}`));
      },
    );

    test.each(GRID)(
      "%s, %s, warm-up %d, batches of %d, %d epochs, at most %d tokens, gradients of at most %d: the same weights",
      async (...[
        method,
        lr_scheduler_type,
        warmup_ratio,
        batch_size,
        num_train_epochs,
        max_length,
        max_grad_norm,
      ]) => {
        const whole = data(method);
        const { training } = scenarioSchema.parse({
          name: "x",
          training: {
            ...{ method, lr_scheduler_type, warmup_ratio, batch_size, num_train_epochs, max_length },
            ...{
              learning_rate: 2e-3,
              weight_decay: 0.1,
              max_grad_norm,
              beta: 0.3,
              undesirable_weight: 1.4,
            },
            ...{ lora_r: 2, lora_alpha: 6, target_modules: ["q_proj", "v_proj", "down_proj"] },
          },
        });
        const folder = mkdtempSync(join(root, `${method}-`));
        const adapter = await startFrom(join(folder, "start"));
        const request = (name: string, more: Partial<TrainingRequest>): TrainingRequest => ({
          permissions: CODE,
          ...{ data: whole, base, adapter, settings: settingsFor(training, whole, 1), seed: SEED },
          ...{ workdir: join(folder, name), output: join(folder, `${name}-adapter`), threads: 1 },
          ...more,
        });
        const rates: number[] = [];
        const ours = await trainers.embedded!(
          request("embedded", { onProgress: ({ learning_rate }) => rates.push(learning_rate) }),
        );
        // TRL draws its own orders: it gets our rows in ours, all epochs one after the other.
        const order = batches(ROWS, batch_size, num_train_epochs, SEED).flat();
        const ordered = { method, rows: order.map((index) => whole.rows[index]!) } as PreferenceData;
        const told: TrainingProgress[] = [];
        const theirs = await trainers.trl!(
          request("trl", {
            data: ordered,
            settings: { ...settingsFor(training, whole, 1), num_train_epochs: 1 },
            external: {
              command: [...warm, "trl"],
              arguments: {
                ...ON_PROCESSOR,
                train_sampling_strategy: "sequential",
              },
            },
            onProgress: (step) => told.push(step),
          }),
        );
        expect(theirs).toMatchObject({ steps: ours.steps, rows: order.length });
        for (const [step, { learning_rate }] of told.entries())
          expect(learning_rate, `step ${step}`).toBeCloseTo(rates[step]!, 6);
        const norms = told.map(({ grad_norm }) => grad_norm);
        expect(Math.min(...norms)).toBeLessThan(max_grad_norm);
        expect(Math.max(...norms) > max_grad_norm).toBe(max_grad_norm < LONG);
        // Printed with four digits.
        expect(theirs.loss_first! / ours.loss_first!).toBeCloseTo(1, 3);
        const [one, other] = [
          await loadAdapter(join(folder, "embedded-adapter")),
          await loadAdapter(join(folder, "trl-adapter")),
        ];
        const before = await loadAdapter(adapter);
        let moved = 0;
        let [count, apart] = [0, 0];
        for (const [name, { data }] of one.weights) {
          const theirData = other.weights.get(name)!.data;
          count += data.length;
          for (const [at, value] of data.entries()) {
            if (Math.abs(value - theirData[at]!) >= 1e-5) apart += 1;
            moved = Math.max(moved, Math.abs(value - before.weights.get(name)!.data[at]!));
          }
        }
        // AdamW divides a gradient by its own size: one that is lost in rounding moves its weight by the rounding alone. How many are
        // lost differs by processor (seen: 1 of 6,000 on one, 7 of 5,504 on another); of a wrong setting nearly all weights tell.
        expect(apart / count).toBeLessThan(1e-2);
        expect(moved).toBeGreaterThan(warmup_ratio === 1 && ours.steps === 1 ? -1 : 1e-4);
      },
    );
  },
);
