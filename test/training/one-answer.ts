import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { MethodName } from "../../src/methods/index.js";
import { type EmbeddedChatModel, type Message, resolveChatModel } from "../../src/models/index.js";
import { packageFile } from "../../src/package-root.js";
import type { PreferenceData } from "../../src/preference/index.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { type TrainingProgress, type TrainingRequest, trainers } from "../../src/training/index.js";
import { CODE } from "../permissions.js";

// Rows that teach minnow one answer, and how far it leans to it: what every trainer is held to.

export const base = packageFile("models/minnow/1");

const prompt = (index: number): Message[] => [{ role: "user", content: `is the boat number ${index} safe` }];
const wanted: Message[] = [{ role: "assistant", content: "yes yes yes" }];
const unwanted: Message[] = [{ role: "assistant", content: "no no no" }];
const source = { interaction: "i", exchange: 0 };

/** Sixteen prompts to which one answer is right. */
export function rows(method: Exclude<MethodName, "best_of_n" | "rloo" | "rloo_rm">): PreferenceData {
  const prompts = Array.from({ length: 16 }, (_, index) => prompt(index));
  switch (method) {
    case "sft":
      return { method, rows: prompts.map((prompt) => ({ prompt, completion: wanted, source })) };
    case "kto":
      return {
        method,
        rows: prompts.map((prompt, index) => ({
          prompt,
          completion: index % 2 === 0 ? wanted : unwanted,
          label: index % 2 === 0,
          source,
        })),
      };
    case "dpo":
      return {
        method,
        rows: prompts.map((prompt) => ({ prompt, chosen: wanted, rejected: unwanted, source })),
      };
  }
}

/** log p(wanted) - log p(unwanted) of the embedded model with an adapter. */
async function leaning(adapter: string | null): Promise<number> {
  const model = (await resolveChatModel(`hf:${base}`, { adapter, threads: 1 })) as EmbeddedChatModel;
  const [yes, no] = await model.scoreCompletions(
    prompt(3),
    [wanted, unwanted].map(([message]) => message!.content),
  );
  await model.release();
  const total = ({ logprobs }: { logprobs: number[] }) => logprobs.reduce((sum, value) => sum + value, 0);
  return total(yes!) - total(no!);
}

const parsed = scenarioSchema.parse({ name: "x", population: { personas: { benign: 1 } } });
const { method: _m, trainer: _t, start_from: _s, every: _e, external: _x, ...settings } = parsed.training;

/** Trains with a trainer by its name, in a folder of that name below `root`. */
export function trainerOf(
  name: string,
  { external, root }: { external: TrainingRequest["external"]; root: string },
) {
  return async (method: Parameters<typeof rows>[0], folder: string, more: Partial<TrainingRequest> = {}) => {
    const progress: TrainingProgress[] = [];
    const output = join(root, folder, "checkpoint");
    const report = await trainers[name]!({
      data: rows(method),
      base,
      adapter: null,
      permissions: CODE,
      settings: {
        ...settings,
        batch_size: 8,
        num_train_epochs: 2,
        learning_rate: method === "sft" ? 5e-3 : 2e-3,
      },
      external,
      seed: "7/training",
      workdir: join(root, folder, "work"),
      output,
      ...more,
      onProgress: (step) => {
        progress.push(step);
        more.onProgress?.(step);
      },
    });
    return { report, progress, output };
  };
}

/** What every method must come to: four steps over all rows, and an adapter that loads here and leans to the answer. */
export async function expectTaught({
  report,
  progress,
  output,
}: Awaited<ReturnType<ReturnType<typeof trainerOf>>>): Promise<void> {
  expect(report).toMatchObject({ steps: 4, rows: 16 });
  expect(progress.map(({ step, steps }) => [step, steps])).toStrictEqual(
    [1, 2, 3, 4].map((step) => [step, 4]),
  );
  expect(progress.every(({ loss, grad_norm }) => Number.isFinite(loss) && grad_norm > 0)).toBe(true);
  expect(await leaning(output)).toBeGreaterThan((await leaning(null)) + 0.5);
  expect(JSON.parse(readFileSync(join(output, "adapter_config.json"), "utf8"))).toMatchObject({
    r: settings.lora_r,
    lora_alpha: settings.lora_alpha,
    base_model_name_or_path: base,
  });
}
