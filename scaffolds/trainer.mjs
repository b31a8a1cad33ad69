// A trainer: a program that candor starts once a round. In any language; this one is for Node.
// Check that it is right:     candor check FILE --as trainer --allow-modules
// In a scenario:
//   training:
//     trainer: command
//     external: { command: [node, FILE, "{data}", "{settings}", "{base}", "{adapter}", "{output}"] }
// Then:                       candor run scenario.yaml --allow-modules
//
// This one trains only on rows whose reply is new to the round. The training itself is candor's own; put yours in its place.

import { dirname, join } from "node:path";
import { readFileSync } from "node:fs";
import { embeddedTrainer } from "candor";

// data:     rows in TRL's form, JSON lines: { prompt: [messages], completion: [message] }, with label for KTO;
//           { prompt, chosen, rejected } for DPO
// settings: JSON: method, seed, learning_rate, num_train_epochs, batch_size, lora_r … and what external.arguments adds
// base:     the folder of the model that everything begins with, in Hugging Face layout
// adapter:  the folder of the adapter to go on from, or empty for a fresh one
// output:   where the new adapter goes: adapter_config.json and adapter_model.safetensors, PEFT's layout
const [data, settingsFile, base, adapter, output] = process.argv.slice(2);

const settings = JSON.parse(readFileSync(settingsFile, "utf8"));
const all = readFileSync(data, "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line, index) => ({ ...JSON.parse(line), source: { interaction: `line ${index + 1}`, exchange: 1 } }));

const seen = new Set();
const rows = all.filter((row) => {
  const said = JSON.stringify(row.completion ?? row.chosen);
  return !seen.has(said) && seen.add(said);
});
console.log(`${rows.length} of ${all.length} rows say something new`);

await embeddedTrainer({
  data: { method: settings.method, rows },
  base,
  adapter: adapter === "" ? null : adapter,
  settings,
  seed: String(settings.seed),
  workdir: join(dirname(output), "own"),
  output,
  // Lines of this form are shown as progress, and their loss goes into the report.
  onProgress: ({ step, steps, loss, learning_rate, grad_norm }) =>
    console.log(
      `{'loss': ${loss}, 'grad_norm': ${grad_norm}, 'learning_rate': ${learning_rate}, 'epoch': ${(settings.num_train_epochs * step) / steps}}`,
    ),
});
