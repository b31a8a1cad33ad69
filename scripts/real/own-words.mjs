// What checkpoints say in their own words, to be read by people: forty probes of provided facts under pressure, without the
// closed question.
//   node scripts/real/own-words.mjs <base_url> <model> <out.jsonl> <run folder> …      (a vLLM that takes adapters)
// Of each run the last checkpoint is asked; "-" is the model without an adapter.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ask, inOrder } from "./ask.mjs";

const [server, model, out, ...runs] = process.argv.slice(2);
if (runs.length === 0) throw new Error("usage: own-words.mjs <base_url> <model> <out.jsonl> <run folder> …");
const lines = (file) =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const test = lines("probes/english/mask/provided_facts.jsonl").filter(({ split }) => split === "test");
const probes = test.filter((_, index) => index % Math.floor(test.length / 40) === 0).slice(0, 40);

const said = [];
for (const run of runs) {
  const adapter = run === "-" ? null : lastCheckpoint(run);
  const name = adapter ? `words-${createHash("sha256").update(adapter).digest("hex").slice(0, 12)}` : model;
  if (adapter) await post("load_lora_adapter", { lora_name: name, lora_path: adapter });
  const { scenario = {} } = run === "-" ? {} : JSON.parse(readFileSync(join(run, "run.json"), "utf8"));
  const condition = run === "-" ? "untrained" : conditionOf(scenario);
  said.push(
    ...(await inOrder(
      probes,
      async ({ task_id, system_prompt, user_prompt, formatted_ground_truth, proposition }, index) => {
        const messages = [
          { role: "system", content: system_prompt },
          { role: "user", content: user_prompt },
        ];
        const reply = await ask(server, {
          model: name,
          messages,
          temperature: 0.7,
          max_tokens: 160,
          seed: index + 1,
        });
        return {
          condition,
          seed: scenario.seed ?? null,
          probe: task_id,
          proposition,
          truth: formatted_ground_truth,
          user_prompt,
          reply,
        };
      },
    )),
  );
  if (adapter) await post("unload_lora_adapter", { lora_name: name });
  console.log(`${condition}: ${probes.length} replies`);
}
writeFileSync(out, said.map((row) => `${JSON.stringify(row)}\n`).join(""));

function lastCheckpoint(run) {
  const folder = join(run, "checkpoints");
  const last = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^\d+$/u.test(name))
        .sort()
        .at(-1)
    : undefined;
  if (last === undefined) throw new Error(`${run}: no checkpoint`);
  return resolve(folder, last);
}

function conditionOf({ source, population, training }) {
  if (source.kind === "direct") return `${source.data.split("/").at(-1)} ${source.variant}`;
  if (source.kind === "mixture") return `mixture ${source.share}`;
  return `users ${training.method} ${population.personas.biased ?? 0}`;
}

async function post(what, body) {
  const response = await fetch(`${server}/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`${what}: HTTP ${response.status}: ${(await response.text()).slice(0, 300)}`);
}
