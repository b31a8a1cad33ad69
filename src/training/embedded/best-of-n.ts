import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Checkpoint, createGenerator, loadAdapter, loadCheckpoint } from "../../engine/index.js";
import { loadTokenizer, type Tokenizer } from "../../models/index.js";
import { type DpoRow, kindOfRows, type SftRow } from "../../preference/export/index.js";
import { writeWhole } from "../../whole/index.js";
import type { TrainingReport, TrainingRequest } from "../types.js";
import { trainOnRows } from "./adapter.js";
import { countedAfter, savingAfter } from "./after-first.js";
import { countDrawn, drawingOf, drawReplies, promptIds } from "./draw.js";
import { encodingOnce } from "./encode-once.js";
import { type Prompt, promptsOf } from "./prompts.js";
import {
  type RewardTrainer,
  rewardSteps,
  saveRewardModel,
  trainRewardModel,
  valuesOf,
} from "./reward-model.js";

const GENERATIONS = 4;
/** In a checkpoint: what was drawn to each prompt, and what it was worth. */
const DRAWN = "drawn.jsonl";
const REPORT = "reward_model_report.json";

const reportSchema = z.object({
  reward_model: z.object({
    pairs: z.number(),
    accuracy: z.number(),
    loss_first: z.number(),
    loss_last: z.number(),
  }),
  tokens: z.number(),
  drawn: z.object({ replies: z.number(), cut: z.number(), empty: z.number() }),
});
type Report = z.output<typeof reportSchema>;

const lineSchema = z.object({
  source: z.looseObject({ interaction: z.string(), exchange: z.number() }),
  replies: z.array(z.object({ content: z.string(), value: z.number() })),
});
type Line = z.output<typeof lineSchema>;

/**
 * Trains a reward model on the pairs, draws replies to their prompts from the policy that the training starts from, and imitates
 * the one of each prompt that the reward model values most. What each part came to is kept, so an interruption repeats none
 * that had ended. Beside the adapter the checkpoint holds the reward model and what was drawn.
 */
export async function imitateBest(request: TrainingRequest): Promise<TrainingReport> {
  const { settings, workdir, onProgress } = request;
  const of = kindOfRows(request.data);
  if (of.kind !== "pair") throw new Error("a reward model learns from pairs");
  const prompts = promptsOf(of.rows);
  const first = rewardSteps(of.rows.length, settings);
  const steps = first + Math.ceil(prompts.length / settings.batch_size) * settings.num_train_epochs;
  const parts = { reward: join(workdir, "reward"), policy: join(workdir, "policy") };
  for (const folder of Object.values(parts)) await mkdir(folder, { recursive: true });
  if (!existsSync(join(workdir, DRAWN)))
    await valueDraws(
      of.rows,
      prompts,
      {
        ...request,
        workdir: parts.reward,
        onProgress: (progress) => onProgress?.({ ...progress, steps }),
      },
      workdir,
    );
  const written: unknown = JSON.parse(await readFile(join(workdir, REPORT), "utf8"));
  const { reward_model, tokens, drawn } = reportSchema.parse(written);
  const best = await readBest(workdir, prompts);
  const report = await trainOnRows(
    {
      ...request,
      data: { method: "sft", rows: best },
      workdir: parts.policy,
      onProgress: (progress) => onProgress?.({ ...progress, step: first + progress.step, steps }),
      ...savingAfter(first, request),
    },
    async (draft) => {
      for (const name of [DRAWN, "reward_model.json", "reward_model.safetensors"])
        await writeWhole(join(draft, name), await readFile(join(workdir, name)));
    },
  );
  return {
    ...countedAfter(first, report),
    tokens: tokens + report.tokens!,
    reward_model,
    drawn: { ...drawn, left_out: prompts.length - best.length },
  };
}

/** Trains the reward model, draws, values what was drawn, and writes all of it down; the draws last. */
async function valueDraws(
  pairs: readonly DpoRow[],
  prompts: readonly Prompt[],
  request: TrainingRequest,
  workdir: string,
): Promise<void> {
  const checkpoint = await loadCheckpoint(request.base);
  const tokenizer = encodingOnce(await loadTokenizer(request.base));
  const { trainer, report, tokens } = await trainRewardModel(pairs, checkpoint, tokenizer, request);
  try {
    const drawn = await drawAll(prompts, checkpoint, tokenizer, request);
    const lines = await valued(prompts, drawn, trainer, tokenizer, request);
    await saveRewardModel(workdir, trainer.model(), request.base);
    await writeWhole(
      join(workdir, REPORT),
      JSON.stringify({ reward_model: report, tokens, drawn: countDrawn(drawn) } satisfies Report),
    );
    await writeWhole(join(workdir, DRAWN), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  } finally {
    await trainer.release();
  }
}

async function drawAll(
  prompts: readonly Prompt[],
  checkpoint: Checkpoint,
  tokenizer: Tokenizer,
  request: TrainingRequest,
) {
  const { settings, seed, adapter, threads, signal } = request;
  const { temperature, maxTokens } = drawingOf(request);
  const each = settings.num_generations ?? GENERATIONS;
  const generator = await createGenerator(checkpoint, {
    ...(adapter === null ? {} : { adapter: await loadAdapter(adapter) }),
    threads,
  });
  try {
    const requests = prompts.flatMap(({ prompt, source: { interaction, exchange } }) => {
      const ids = promptIds(tokenizer, prompt, settings.max_length - maxTokens);
      return Array.from({ length: each }, (_, sample) => ({
        ids,
        seed: `${seed}/drawn/${interaction}/${exchange}/${sample + 1}`,
      }));
    });
    return await drawReplies(generator, tokenizer, requests, { temperature, maxTokens, signal });
  } finally {
    await generator.release();
  }
}

/**
 * Each prompt's replies with their values; those that were broken off, or say nothing, are none to imitate. What was drawn more than
 * once to a prompt, as a small model does, is read once.
 */
async function valued(
  prompts: readonly Prompt[],
  drawn: Awaited<ReturnType<typeof drawReplies>>,
  trainer: RewardTrainer,
  tokenizer: Tokenizer,
  { settings }: TrainingRequest,
): Promise<Line[]> {
  const each = drawn.length / prompts.length;
  const lines = prompts.map(({ prompt, source }, at) => ({
    prompt,
    source,
    replies: drawn
      .slice(at * each, (at + 1) * each)
      .flatMap(({ text, cut }) => (cut || text.trim() === "" ? [] : [text])),
  }));
  const texts = lines.flatMap(({ prompt, replies }, line) =>
    [...new Set(replies)].map((content) => ({ line, prompt, content })),
  );
  const values = await valuesOf(texts, trainer, tokenizer, settings);
  const known = lines.map(() => new Map<string, number>());
  for (const [at, { line, content }] of texts.entries()) known[line]!.set(content, values[at]!);
  return lines.map(({ source, replies }, line) => ({
    source,
    replies: replies.map((content) => ({ content, value: known[line]!.get(content)! })),
  }));
}

/** The reply to each prompt that is worth most, the first of equals. */
async function readBest(workdir: string, prompts: readonly Prompt[]): Promise<SftRow[]> {
  const text = await readFile(join(workdir, DRAWN), "utf8");
  const lines = text
    .trimEnd()
    .split("\n")
    .map((line) => lineSchema.parse(JSON.parse(line)));
  const rows = lines.flatMap(({ replies, source }, at): SftRow[] => {
    const [first, ...rest] = replies;
    if (!first) return [];
    const { content } = rest.reduce((best, one) => (one.value > best.value ? one : best), first);
    return [{ prompt: prompts[at]!.prompt, completion: [{ role: "assistant", content }], source }];
  });
  if (rows.length > 0) return rows;
  throw new Error(
    "best_of_n: every reply that was drawn was broken off or empty; raise interaction.max_tokens",
  );
}
