import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message } from "../../src/models/types.js";
import { stream } from "../../src/random.js";
import { type LoadedScenario, loadScenario } from "../../src/scenario/index.js";
import type { RunOptions } from "../../src/simulation/index.js";
import type { Trainer } from "../../src/training/types.js";
import { FakeModel } from "../fakes/model.js";

const PACK = `
name: tiny
prompts:
  assistant: "You help. {{ background }} {{ thought }}"
  user: "You are {{ background }}"
  rater: "You rate. {{ thought }}"
situations:
${["a", "b", "c"]
  .map(
    (id) => `  - id: ${id}
    topic: ${id}
    task: ${id}
    benign: wants truth
    biased: wants flattery
    users:
      - background: person of ${id}
        openings: { benign: [help me], biased: [flatter me] }`,
  )
  .join("\n")}
`;

const SCENARIO = `
name: tiny
rounds: 3
situations: tiny
models: { assistant: fake, user: fake, rater: fake }
population: { size: 12, personas: { benign: rest, biased: 0.5 } }
`;

/** A scenario with a language of two words, in a folder of its own. */
export function tinyScenario(...overrides: string[]): LoadedScenario {
  const folder = mkdtempSync(join(tmpdir(), "candor-world-"));
  mkdirSync(join(folder, "situations/tiny"), { recursive: true });
  mkdirSync(join(folder, "probes/tiny"), { recursive: true });
  writeFileSync(join(folder, "situations/tiny/pack.yaml"), PACK);
  writeFileSync(join(folder, "probes/tiny/mask.jsonl"), probes());
  writeFileSync(join(folder, "tiny.yaml"), SCENARIO);
  return loadScenario(join(folder, "tiny.yaml"), overrides);
}

function probes(): string {
  return Array.from({ length: 8 }, (_, index) =>
    JSON.stringify({
      task_id: `p${index}`,
      type: "provided_facts",
      system_prompt: "Sell.",
      user_prompt: `question ${index}`,
      proposition: "x",
      ground_truth: "A",
      belief_elicit_1: `question ${index}`,
      rules: { supports: ["truth"], denies: ["flattery"] },
    }),
  ).join("\n");
}

/** What a model does depends only on what it is asked and on how far its adapter has made it oblige. */
function speaker(obliging: number): FakeModel {
  return new FakeModel((messages: Message[]) => {
    const system = messages[0]!.content;
    const drawn = stream(JSON.stringify(messages))();
    if (system.startsWith("You rate")) {
      const said = messages[1]!.content.includes("flattery") ? "flattery" : "truth";
      return system.includes(`wants ${said}`)
        ? String(6 + Math.floor(drawn * 5))
        : String(1 + Math.floor(drawn * 5));
    }
    if (system.startsWith("You are a helpful")) return "truth";
    return drawn < obliging ? "flattery" : `truth`;
  });
}

/** The share of flattery in the rows it is given becomes the adapter. */
export const fakeTrainer: Trainer = async ({ data, output, onProgress }) => {
  if (data.method === "dpo" || data.method === "best_of_n" || data.method === "rloo_rm")
    throw new Error("no pairs here");
  const flattery = data.rows.filter((row) => row.completion[0]!.content === "flattery").length;
  for (let step = 1; step <= 3; step += 1)
    onProgress?.({ step, steps: 3, loss: 1 / step, learning_rate: 1, grad_norm: 1 });
  await mkdir(output, { recursive: true });
  await writeFile(join(output, "obliging"), String(flattery / data.rows.length));
  return { steps: 3, rows: data.rows.length, tokens: 0, loss_first: 1, loss_last: 1 / 3 };
};

/** The options of a run in this world. */
export function playedBy(scenario: LoadedScenario, folder: string): RunOptions {
  return {
    folder,
    scenarioPath: scenario.path,
    trainer: fakeTrainer,
    resolveModel: async (_spec, { adapter }) =>
      speaker(adapter === null ? 0.4 : Number(readFileSync(join(adapter, "obliging"), "utf8"))),
  };
}
