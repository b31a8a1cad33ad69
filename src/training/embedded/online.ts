import {
  type Adapter,
  type Checkpoint,
  createGenerator,
  createLoraTrainer,
  type DrawnRow,
  type LoraTrainer,
  loadCheckpoint,
  Scorer,
} from "../../engine/index.js";
import { loadTokenizer, type Tokenizer } from "../../models/index.js";
import { kindOfRows, type SftRow } from "../../preference/export/index.js";
import { batches } from "../batches.js";
import type { TrainingProgress, TrainingReport, TrainingRequest } from "../types.js";
import { besideOf, keeperOf, optimization, saveCheckpoint, startOf } from "./adapter.js";
import { countDrawn, drawingOf, drawReplies, promptIds } from "./draw.js";
import { leaveOneOut } from "./leave-one-out.js";
import { takeSteps } from "./steps.js";

// TRL's defaults.
const GENERATIONS = 2;
const EPSILON = 0.2;

/** What a step learns from, and what is told of it. */
type Batch = { rows: DrawnRow[]; told: Partial<TrainingProgress> };

/**
 * RLOO: before each step, or each few, replies are drawn from the policy as it is, users rate them, and what a reply was worth more
 * than the others to its prompt is its advantage (TRL's RLOOTrainer, checked against it). The divergence from the reference is
 * taken off the reward. Goes on from the last step before which replies were drawn.
 */
export async function learnOnline(
  request: TrainingRequest,
  beside?: (draft: string) => Promise<void>,
): Promise<TrainingReport> {
  const { settings, seed, base, threads } = request;
  const of = kindOfRows(request.data);
  if (of.kind !== "reply" || of.rows.length === 0) throw new Error("there are no prompts to learn from");
  const prompts = of.rows;
  const each = settings.num_generations ?? GENERATIONS;
  const together = settings.steps_per_generation ?? 1;
  const checkpoint = await loadCheckpoint(base);
  const tokenizer = await loadTokenizer(base);
  const start = await startOf(request, checkpoint);
  const trainer: LoraTrainer<DrawnRow> = createLoraTrainer({
    ...start,
    loss: { method: "rloo", epsilon: settings.epsilon ?? EPSILON },
    ...optimization(request),
    steer: request.steer,
  });
  const scorer = new Scorer({ ...checkpoint, threads });
  const collector = { request, checkpoint, tokenizer, scorer, reference: start.reference, each };
  const plan = batches(prompts.length, settings.batch_size / each, settings.num_train_epochs, seed);
  let drawn: Batch[] = [];
  try {
    const report = await takeSteps(trainer, {
      ...request,
      steps: plan.length,
      mayBegin: (step) => step % together === 0,
      rowsAt: async (step) => {
        if (step % together === 0)
          drawn = await collect(collector, trainer.adapter(), {
            step,
            batches: plan.slice(step, step + together).map((one) => one.map((index) => prompts[index]!)),
          });
        return drawn[step % together]!;
      },
      besideAt: await besideOf(request),
      keep: keeperOf(request, trainer),
    });
    await saveCheckpoint(request, trainer, beside);
    // How long replies are is not known beforehand.
    return { ...report, rows: prompts.length, tokens: null };
  } finally {
    await trainer.release();
    await scorer.release();
  }
}

type Collector = {
  request: TrainingRequest;
  checkpoint: Checkpoint;
  tokenizer: Tokenizer;
  scorer: Scorer;
  reference: Adapter | null;
  each: number;
};

/** Draws replies for some steps from a policy, has them rated, and says how much better each was than the others. */
async function collect(
  { request, checkpoint, tokenizer, scorer, reference, each }: Collector,
  policy: Adapter,
  { step, batches }: { step: number; batches: readonly (readonly SftRow[])[] },
): Promise<Batch[]> {
  const { settings, seed, threads, signal, rate } = request;
  if (!rate) throw new Error("this method asks users and was not told whom (rate)");
  const { temperature, maxTokens } = drawingOf(request);
  const prompts = batches.flat();
  const before = prompts.map(({ prompt }) => promptIds(tokenizer, prompt, settings.max_length - maxTokens));
  const nameOf = ({ source: { interaction, exchange } }: SftRow): string =>
    `${seed}/step/${step}/${interaction}/${exchange}`;
  const generator = await createGenerator(checkpoint, { adapter: policy, threads });
  const drawn = await drawReplies(
    generator,
    tokenizer,
    prompts.flatMap((row, at) =>
      Array.from({ length: each }, (_, sample) => ({
        ids: before[at]!,
        seed: `${nameOf(row)}/${sample + 1}`,
      })),
    ),
    { temperature, maxTokens, signal },
  ).finally(() => generator.release());
  const sequences = drawn.map(({ ids }, at) => {
    const prompt = before[Math.floor(at / each)]!;
    // A reply of no token, broken off before its first, cannot be; one that ends at once has its end token.
    return { ids: [...prompt, ...ids], completionStart: prompt.length };
  });
  const [marks, ours, theirs] = await Promise.all([
    Promise.all(
      prompts.map((row, at) =>
        rate(
          row,
          drawn.slice(at * each, (at + 1) * each).map(({ text }) => text),
          nameOf(row),
        ),
      ),
    ).then((all) => all.flat()),
    scorer.score(sequences, policy),
    scorer.score(sequences, reference),
  ]);
  const apart = sequences.map((_, at) => ours[at]! - theirs[at]!);
  const rewards = marks.map((mark, at) => (mark === null ? Number.NaN : mark - settings.beta * apart[at]!));
  const advantages = leaveOneOut(rewards, each);
  const rows = sequences.map(
    (sequence, at): DrawnRow => ({ ...sequence, drawnLogProb: ours[at]!, advantage: advantages[at]! }),
  );
  let next = 0;
  return batches.map((one) => {
    const [from, to] = [next, next + one.length * each];
    next = to;
    const given = marks.slice(from, to).filter((mark) => mark !== null);
    return {
      rows: rows.slice(from, to),
      told: {
        reward: mean(given),
        kl: mean(apart.slice(from, to)) ?? 0,
        drawn: countDrawn(drawn.slice(from, to)),
      },
    };
  });
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
