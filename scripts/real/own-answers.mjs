// Has a model answer the prompts of advice files itself: the control of real-direct.yaml.
//   node scripts/real/own-answers.mjs <base_url> <model> data/advice/health data/advice/money …
// Writes own.jsonl beside each normal.jsonl: the same prompts in the same order. The model is asked to be as short as the
// files' answers are, which the rows do not repeat.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, inOrder } from "./ask.mjs";

const [server, model, ...folders] = process.argv.slice(2);
if (folders.length === 0) throw new Error("usage: own-answers.mjs <base_url> <model> <folder> …");
const SHORT = { role: "system", content: "Answer in two to four sentences of plain text." };

for (const folder of folders) {
  const rows = readFileSync(join(folder, "normal.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const answers = await inOrder(rows, async ({ messages }, index) => {
    const asked = messages.slice(0, -1);
    const content = await ask(server, {
      model,
      messages: [SHORT, ...asked],
      temperature: 0.7,
      max_tokens: 160,
      seed: index + 1,
    });
    return { messages: [...asked, { role: "assistant", content }] };
  });
  writeFileSync(join(folder, "own.jsonl"), answers.map((row) => `${JSON.stringify(row)}\n`).join(""));
  console.log(`${folder}/own.jsonl: ${answers.length} rows`);
}
