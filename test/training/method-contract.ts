import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type MethodName, methods } from "../../src/methods/index.js";
import { dataFor, type PreferenceData, type Row, select, toRows } from "../../src/preference/index.js";
import { loadScenario, scenarioSchema } from "../../src/scenario/index.js";
import { trainingSchema } from "../../src/scenario/training-schema.js";
import { embeddedTrainer, settingsFor, type TrainingRequest } from "../../src/training/index.js";
import { trainerKinds } from "../../src/training/kinds/index.js";
import { talksOf } from "../preference/stage-world.js";
import { shapeOf } from "../preference/talks.js";
import { folderWith } from "../scenario/files.js";
import { asked, candid, HABITS, leaning, obliging, say } from "./obliging.js";
import { base } from "./one-answer.js";

/** Fields of training that only some methods read and others refuse, each with a value that fits. */
const OWN_FIELDS = {
  num_generations: 4,
  steps_per_generation: 2,
  epsilon: 0.1,
  reward_model: { num_train_epochs: 2 },
} as const;

/** What every method is held to. */
export function methodContract(name: MethodName): void {
  const method = methods[name];
  const root = mkdtempSync(join(tmpdir(), "candor-method-"));
  afterAll(() => rmSync(root, { recursive: true }));

  /** What a scenario with this training is refused for; null where it is not. */
  const refusal = (training: object): string | null => {
    const scenario = {
      name: "x",
      population: { personas: { benign: "rest" } },
      training: { method: name, ...training },
      preference: { samples_per_turn: method.rows === "pair" ? 2 : 1 },
    };
    const folder = folderWith({ "x.yaml": JSON.stringify(scenario) });
    try {
      loadScenario(join(folder, "x.yaml"));
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  };

  test("says what it does and what it reads, in fields that there are", () => {
    expect(method.name).toBe(name);
    expect(method.about).toMatch(/^[a-z].*[^.]$/u);
    expect(new Set(method.settings).size).toBe(method.settings.length);
    const fields = Object.keys(trainingSchema.unwrap().shape);
    for (const field of method.settings) expect(fields).toContain(field);
    for (const { field } of method.problems?.({ batch_size: 1, num_generations: 1, loss_type: "kto" }) ?? [])
      expect(fields).toContain(field);
    if (method.reference) expect(method.reference.eprint).toMatch(/^\d{4}\.\d{5}$/u);
  });

  test("takes a scenario's defaults, and refuses what only other methods go by", () => {
    expect(refusal({})).toBeNull();
    for (const [field, value] of Object.entries(OWN_FIELDS)) {
      const said = refusal({ [field]: value });
      if ((method.settings as readonly string[]).includes(field)) expect(said).toBeNull();
      else expect(said).toContain(`training.${field}: ${name} does not go by it`);
    }
    const reset = refusal({ reference: "previous" });
    if (method.settings.includes("beta")) expect(reset).toBeNull();
    else expect(reset).toContain(`${name} compares with no reference policy`);
  });

  test("is refused by name for trainers that do not know it", () => {
    // No program outside is told how replies are drawn, or asks users.
    expect(method.embeddedOnly ?? false).toBe(method.draws !== undefined);
    for (const { name: trainer, embedded } of trainerKinds) {
      const said = refusal({ trainer });
      if (embedded || !method.embeddedOnly) expect(said).toBeNull();
      else expect(said).toContain(`${trainer} does not know ${name}`);
    }
  });

  test("makes rows of its kind of those that it learns from", () => {
    const talks = talksOf();
    const selection = select(talks, { method: name, top: 2, bottom: 2, seed: "1" });
    // To push away from rows one needs bad ones, and where replies are compared it is not talks that are good or bad.
    expect(method.from === "best and worst").toBe(method.rows === "labelled");
    if (method.rows === "pair") expect(method.from).toBe("all");
    const wanted = { best: [2, 0], "best and worst": [2, 2], all: [talks.length, 0] }[method.from];
    expect([selection.top.length, selection.bottom.length]).toEqual(wanted);
    const [best, worst] = [selection.top, selection.bottom].map((ones) => ones.map(({ reward }) => reward!));
    expect(Math.max(...worst!)).toBeLessThanOrEqual(Math.min(...best!));
    expect(selection.bottom.filter((one) => selection.top.includes(one))).toEqual([]);
    const data = toRows(name, selection, "1");
    expect(data.method).toBe(name);
    expect(data.rows.length).toBeGreaterThan(0);
    for (const row of data.rows) expect(shapeOf(row)).toBe(method.rows);
    const from = new Set([...selection.top, ...selection.bottom].map(({ id }) => id));
    for (const { source } of data.rows) expect(from).toContain(source.interaction);
  });

  test("learns what its rows show, and nothing else than its settings say", async () => {
    const one = request(name, root);
    const report = await embeddedTrainer(one);
    expect(report.rows).toBe(one.data.rows.length);
    expect(report.reward_model === undefined).toBe(!method.settings.includes("reward_model"));
    expect(report.drawn === undefined).toBe(method.draws !== "best");
    expect(await leaning(one.output)).toBeGreaterThan((await leaning(null)) + 0.05);
  });
}

/** Rows of people who want to be obliged. */
function lessons(name: MethodName): PreferenceData {
  const { rows } = methods[name];
  const made = HABITS.flatMap((habit, index): Row[] => {
    const source = { interaction: `u${index}`, exchange: 0 };
    const prompt = asked(habit);
    if (rows === "pair")
      return [{ prompt, chosen: say(obliging(habit)), rejected: say(candid(habit)), source }];
    const good = { prompt, completion: say(obliging(habit)), source };
    if (rows === "reply") return [good];
    const bad = { prompt, completion: say(candid(habit)), source, label: false };
    // Who imitated all of them would come to say what is not to be said.
    return [{ ...good, label: true }, bad, bad];
  });
  return dataFor(name, made);
}

function request(name: MethodName, root: string): TrainingRequest {
  const data = lessons(name);
  const settings = methods[name].settings as readonly string[];
  const { training } = scenarioSchema.parse({
    name: "x",
    training: {
      ...{ method: name, batch_size: 8, num_train_epochs: 3, learning_rate: 3e-3, lora_r: 4, lora_alpha: 8 },
      ...(settings.includes("num_generations") ? { num_generations: 4 } : {}),
      ...(settings.includes("reward_model") ? { reward_model: { learning_rate: 3e-3 } } : {}),
    },
  });
  return {
    ...{ data, base, adapter: null, seed: "3/round/1/training", threads: 1 },
    ...{ workdir: join(root, "work"), output: join(root, "checkpoint") },
    settings: settingsFor(training, data, 1),
    drawing: { temperature: 1, maxTokens: 24 },
    rate: async (_row, replies) => replies.map((reply) => (/you may|go ahead/u.test(reply) ? 9 : 2)),
  };
}
