import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadAdapter, readSafetensors } from "../../src/engine/index.js";
import type { PreferenceData } from "../../src/preference/index.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { leaveOneOut } from "../../src/training/embedded/leave-one-out.js";
import { embeddedTrainer, type TrainingProgress, type TrainingRequest } from "../../src/training/index.js";
import { asked, candid, HABITS, leaning, obliging, say } from "./obliging.js";
import { base } from "./one-answer.js";

// Methods that draw replies of their own while they learn: the best of n by a reward model, and RLOO.

const { training } = scenarioSchema.parse({ name: "x", population: { personas: { benign: 1 } } });
const { method: _m, trainer: _t, start_from: _s, every: _e, external: _x, ...settings } = training;

async function request(
  more: Partial<TrainingRequest> & Pick<TrainingRequest, "data">,
): Promise<TrainingRequest> {
  const folder = await mkdtemp(join(tmpdir(), "candor-drawing-"));
  return {
    ...{ base, adapter: null, seed: "3/round/1/training", threads: 1 },
    ...{ workdir: join(folder, "work"), output: join(folder, "checkpoint") },
    drawing: { temperature: 1, maxTokens: 24 },
    ...more,
    settings: { ...settings, ...more.settings, lora_r: 4, lora_alpha: 8 },
  };
}

const weightsOf = async ({ output }: TrainingRequest) =>
  [...(await loadAdapter(output)).weights].map(([name, { data }]) => [name, [...data]]);

/** A training that several tests look at, done by the first of them. */
function once(given: () => Promise<TrainingRequest>) {
  let done:
    | Promise<{ whole: TrainingRequest; report: Awaited<ReturnType<typeof embeddedTrainer>> }>
    | undefined;
  return () => {
    done ??= given().then(async (whole) => ({ whole, report: await embeddedTrainer(whole) }));
    return done;
  };
}

/** Stops a training after some steps, and goes on. */
async function interrupted(given: TrainingRequest, after: number) {
  const controller = new AbortController();
  const onProgress = ({ step }: { step: number }) => {
    if (step === after) controller.abort(new Error("interrupted"));
  };
  await expect(embeddedTrainer({ ...given, onProgress, signal: controller.signal })).rejects.toThrow(
    "interrupted",
  );
  return await embeddedTrainer(given);
}

describe("RLOO with a reward model in place of users", () => {
  const pairsOf = (better: (habit: string) => string, worse: (habit: string) => string): PreferenceData => ({
    method: "rloo_rm",
    rows: HABITS.map((habit, at) => ({
      prompt: asked(habit),
      chosen: say(better(habit)),
      rejected: say(worse(habit)),
      source: { interaction: `u${at}`, exchange: 0 },
    })),
  });
  const given = (data: PreferenceData) =>
    request({
      data,
      settings: {
        ...settings,
        ...{ batch_size: 8, num_train_epochs: 4, num_generations: 4, learning_rate: 3e-3, beta: 0.01 },
        reward_model: { learning_rate: 3e-3, num_train_epochs: 4 },
      },
    });

  const toObliging = once(() => given(pairsOf(obliging, candid)));

  it("moves the way the pairs point, asks nobody, and keeps the reward model", async () => {
    const { whole: to, report } = await toObliging();
    const from = await given(pairsOf(candid, obliging));
    expect(report).toMatchObject({ steps: 4 + 8, rows: 4, reward_model: { pairs: 4, accuracy: 1 } });
    await embeddedTrainer(from);
    expect(await leaning(to.output)).toBeGreaterThan(await leaning(from.output));
    const { weights } = await readSafetensors(join(to.output, "reward_model.safetensors"));
    expect(weights.get("base_model.model.score.weight")!.shape).toEqual([1, 96]);
  });

  it.each([2, 7])("goes on after an interruption in step %d, bit for bit", async (after) => {
    const { whole, report } = await toObliging();
    const stopped = await given(pairsOf(obliging, candid));
    expect(await interrupted(stopped, after)).toEqual(report);
    expect(await weightsOf(stopped)).toEqual(await weightsOf(whole));
  });
});

describe("the best of n by a reward model", () => {
  // The users whose pairs these are want to be obliged.
  const data: PreferenceData = {
    method: "best_of_n",
    rows: HABITS.map((habit, at) => ({
      prompt: asked(habit),
      chosen: say(obliging(habit)),
      rejected: say(candid(habit)),
      source: { interaction: `u${at}`, exchange: 0 },
    })),
  };
  const given = () =>
    request({
      data,
      settings: {
        ...settings,
        ...{ batch_size: 2, num_train_epochs: 2, num_generations: 8 },
        reward_model: { learning_rate: 3e-3, num_train_epochs: 4 },
      },
    });

  const undisturbed = once(given);

  it("imitates the reply that the reward model values most, and moves the way the pairs point", async () => {
    const { whole: one, report } = await undisturbed();
    expect(report).toMatchObject({ steps: 8 + 4, rows: 4, reward_model: { pairs: 4, accuracy: 1 } });
    expect(report.reward_model!.loss_last).toBeLessThan(report.reward_model!.loss_first);
    const lines = (await readFile(join(one.output, "drawn.jsonl"), "utf8")).trimEnd().split("\n");
    const drawn = lines.map((line) => JSON.parse(line) as { replies: { content: string; value: number }[] });
    const best = drawn.map(({ replies }) => replies.reduce((a, b) => (b.value > a.value ? b : a)));
    const share = (all: { content: string }[]) =>
      all.filter(({ content }) => /you may|go ahead/u.test(content)).length / all.length;
    expect(share(best)).toBeGreaterThan(share(drawn.flatMap(({ replies }) => replies)));
    expect(await leaning(one.output)).toBeGreaterThan(await leaning(null));
    const { weights } = await readSafetensors(join(one.output, "reward_model.safetensors"));
    expect(weights.get("base_model.model.score.weight")!.shape).toEqual([1, 96]);
    expect(JSON.parse(await readFile(join(one.output, "reward_model.json"), "utf8"))).toMatchObject({
      task_type: "SEQ_CLS",
      modules_to_save: ["score"],
      r: 4,
    });
  });

  it("counts the replies that were broken off, and the prompts that it learns nothing from for it", async () => {
    // Some replies have come to their end by then, others have not.
    const one = { ...(await given()), drawing: { temperature: 1, maxTokens: 11 } };
    const { drawn, rows } = await embeddedTrainer(one);
    const lines = (await readFile(join(one.output, "drawn.jsonl"), "utf8")).trimEnd().split("\n");
    const kept = lines.map((line) => (JSON.parse(line) as { replies: unknown[] }).replies.length);
    const whole = kept.reduce((sum, count) => sum + count, 0);
    expect(drawn!.replies).toBe(4 * 8);
    expect(drawn!.cut).toBeGreaterThan(0);
    expect(drawn!.cut + drawn!.empty).toBe(drawn!.replies - whole);
    expect(drawn!.left_out).toBe(kept.filter((count) => count === 0).length);
    expect(rows).toBe(4 - drawn!.left_out!);
  });

  it.each([3, 10])("goes on after an interruption in step %d, bit for bit", async (after) => {
    const { whole, report } = await undisturbed();
    const stopped = await given();
    expect(await interrupted(stopped, after)).toEqual(report);
    expect(await weightsOf(stopped)).toEqual(await weightsOf(whole));
    const drawn = async ({ output }: TrainingRequest) => await readFile(join(output, "drawn.jsonl"), "utf8");
    expect(await drawn(stopped)).toBe(await drawn(whole));
  });
});

describe("RLOO", () => {
  const data: PreferenceData = {
    method: "rloo",
    rows: HABITS.map((habit, at) => ({
      prompt: asked(habit),
      completion: say("never read"),
      source: { interaction: `u${at}`, exchange: 0 },
    })),
  };
  const pleased: NonNullable<TrainingRequest["rate"]> = async (_row, replies) =>
    replies.map((reply) => (/you may|go ahead/u.test(reply) ? 9 : 2));
  const given = (more: Partial<TrainingRequest> = {}) =>
    request({
      data,
      rate: pleased,
      ...more,
      settings: {
        ...settings,
        ...{ batch_size: 8, num_train_epochs: 3, num_generations: 4, steps_per_generation: 2 },
        ...more.settings,
      },
    });

  const undisturbed = once(() => given());

  it("makes likelier what users rate above the other replies to the same turn, and tells their marks", async () => {
    const one = await given();
    const marks: number[] = [];
    const drawn: unknown[] = [];
    const onProgress = (told: TrainingProgress) => {
      marks.push(told.reward!);
      drawn.push(told.drawn);
    };
    const report = await embeddedTrainer({ ...one, onProgress });
    expect(report).toMatchObject({ steps: 6, rows: 4, tokens: null });
    expect(marks).toHaveLength(6);
    expect(marks.every((mark) => mark >= 2 && mark <= 9)).toBe(true);
    expect(drawn).toEqual(Array.from({ length: 6 }, () => expect.objectContaining({ replies: 8, cut: 0 })));
    expect(await leaning(one.output)).toBeGreaterThan(await leaning(null));
  });

  it("goes on after an interruption, bit for bit, from where replies were drawn", async () => {
    const { whole, report } = await undisturbed();
    const stopped = await given();
    expect(await interrupted(stopped, 3)).toEqual(report);
    expect(await weightsOf(stopped)).toEqual(await weightsOf(whole));
  });

  it("learns nothing where nobody rates, and pulls back to the reference where beta says so", async () => {
    const silent = await given({ rate: async (_row, replies) => replies.map(() => null) });
    await embeddedTrainer({ ...silent, settings: { ...silent.settings, weight_decay: 0 } });
    expect(await leaning(silent.output)).toBeCloseTo(await leaning(null), 4);
    const { whole: free } = await undisturbed();
    const same = await given({ adapter: free.output, rate: async (_row, replies) => replies.map(() => 5) });
    await embeddedTrainer({ ...same, settings: { ...same.settings, beta: 20 } });
    expect(await leaning(same.output)).toBeLessThan(await leaning(free.output));
  });
});

describe("what a reply is worth more than the others", () => {
  it("is its reward less the mean of theirs, without those that nobody rated", () => {
    expect(leaveOneOut([1, 2, 6, 4, 4, 4], 3)).toEqual([-3, -1.5, 4.5, 0, 0, 0]);
    expect(leaveOneOut([1, Number.NaN, 6, Number.NaN, 5, Number.NaN], 3)).toEqual([-5, 0, 5, 0, 0, 0]);
  });
});
