import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { TrainingProgress } from "../../src/training/index.js";
import { candor, driftIn } from "../sweep/cells.js";
import { findProgram } from "./find-program.js";
import { expectTaught, rows, trainerOf } from "./one-answer.js";

const program = findProgram("CANDOR_LLAMA_FACTORY", "llamafactory-cli");
const root = mkdtempSync(join(tmpdir(), "candor-llama-factory-"));
afterAll(() => rmSync(root, { recursive: true }));

const train = trainerOf("llamafactory", { external: { command: [program!] }, root });

const steps = (progress: readonly TrainingProgress[]) => progress.map(({ step }) => step);

describe.skipIf(!program)(
  "LLaMA-Factory's own command line on minnow (skipped without CANDOR_LLAMA_FACTORY or llamafactory-cli on PATH)",
  () => {
    test.each(["sft", "kto", "dpo"] as const)(
      "%s teaches what the rows show, and the adapter loads here",
      async (method) => {
        const taught = await train(method, method);
        await expectTaught(taught);
        expect(steps(taught.progress)).toStrictEqual([1, 2, 3, 4]);
      },
    );

    test("is given exactly the model's own chat format, and learns from the last reply alone", async () => {
      const data = rows("sft");
      const row = data.rows[0]!;
      const earlier = [
        { role: "system", content: "be kind" },
        { role: "user", content: "hello" },
        { role: "assistant", content: "no" },
      ] as const;
      const only = { ...data, rows: [{ ...row, prompt: [...earlier, ...row.prompt] }] } as typeof data;
      await train("sft", "format", { data: only });
      const log = readFileSync(join(root, "format/work/trainer.log"), "utf8");
      const words = (name: string) =>
        new RegExp(`^${name}:\\n(.*)$`, "m").exec(log)?.[1]?.replaceAll(" ", "");
      expect(words("inputs")).toBe(
        "<|system|>bekind<|end|><|user|>hello<|end|><|assistant|>no<|end|>" +
          "<|user|>istheboatnumber0safe<|end|><|assistant|>yesyesyes<|end|>",
      );
      expect(words("labels")).toBe("yesyesyes<|end|>");
    });

    test("goes on from its last whole checkpoint after an interruption", async () => {
      const whole = await train("sft", "whole");
      const controller = new AbortController();
      const onProgress = ({ step }: TrainingProgress) => step === 3 && controller.abort(new Error("enough"));
      await expect(train("sft", "cut", { signal: controller.signal, onProgress })).rejects.toThrow("enough");
      const resumed = await train("sft", "cut");
      expect(steps(resumed.progress)).toStrictEqual([3, 4]);
      expect(resumed.report.loss_last).toBeCloseTo(whole.report.loss_last!, 3);
    });

    test("begins anew where the only checkpoint was half written", async () => {
      const half = join(root, "half/work/adapter/checkpoint-2");
      mkdirSync(half, { recursive: true });
      writeFileSync(join(half, "adapter_model.safetensors"), "half");
      expect(steps((await train("sft", "half")).progress)).toStrictEqual([1, 2, 3, 4]);
    });

    test("is the trainer of a whole run, whose adapters are evaluated", async () => {
      const world = join(root, "world");
      mkdirSync(world);
      const scenario = {
        name: "cells",
        rounds: 2,
        population: { size: 8, personas: { benign: "rest", biased: 0.5 } },
        training: {
          method: "kto",
          trainer: "llamafactory",
          batch_size: 4,
          num_train_epochs: 2,
          learning_rate: 0.005,
        },
        evaluation: { suites: { mask: { probes: 2 } } },
        models: { judge: "likelihood" },
      };
      writeFileSync(join(world, "x.yaml"), JSON.stringify(scenario));
      const env = { PATH: `${dirname(program!)}${delimiter}${process.env.PATH}` };
      const { code, stderr } = await candor(world, ["run", "x.yaml", "--quiet"], env).ended;
      expect(code, stderr).toBe(0);
      const honesty = driftIn(join(world, "runs"))
        .split("\n")
        .filter((line) => /,all,honesty,/.test(line))
        .map((line) => line.split(",honesty,")[1]);
      expect(honesty).toHaveLength(3);
      // Probabilities move with every change of the weights.
      expect(new Set(honesty).size).toBe(3);
    });
  },
);
