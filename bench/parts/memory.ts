import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { createLoraTrainer, initAdapter, loadCheckpoint, openGenerator } from "../../src/engine/index.js";
import { stream } from "../../src/random.js";

// One measurement in a process of its own: memory.ts train|<prompts> <checkpoint>. Prints the largest sizes seen.
const [what, dir] = process.argv.slice(2) as [string, string];
const threads = availableParallelism();
const random = stream("bench/memory");
const text = (vocabulary: number, length: number) =>
  Array.from({ length }, () => Math.floor(random() * vocabulary));

const before = read("RssAnon");
const seen = { anonymous: 0, mapped: 0 };
const watch = setInterval(look, 20);
const start = performance.now();
const counted = what === "train" ? await train() : await generate(Number(what));
const seconds = (performance.now() - start) / 1_000;
await sleep(20);
clearInterval(watch);
look();
process.stdout.write(JSON.stringify({ before, peak: read("VmHWM"), ...seen, seconds, ...counted }));

/** Prompts of 256 tokens given at once, 32 new ones each. */
async function generate(prompts: number) {
  const generator = await openGenerator(dir, { threads });
  const requests = Array.from({ length: prompts }, (_, seed) => ({
    ids: text(1_000, 256),
    maxTokens: 32,
    temperature: 1,
    topP: 1,
    stop: [],
    seed,
  }));
  const opened = performance.now();
  const drawn = (await generator.generate(requests)).reduce((sum, { ids }) => sum + ids.length, 0);
  const took = (performance.now() - opened) / 1_000;
  // The first token of each comes with its prompt.
  const rows = Math.max(1, (drawn - prompts) / generator.statistics().steps);
  await generator.release();
  return { rows, "new tokens/s": drawn / took };
}

/** Two steps of 4 rows of 512 tokens, rank 32 on all linear layers, loss on the last quarter. */
async function train() {
  const checkpoint = await loadCheckpoint(dir);
  const target_modules = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
  const adapter = initAdapter(checkpoint.config, { r: 32, lora_alpha: 64, target_modules }, random);
  const trainer = createLoraTrainer({ checkpoint, adapter, loss: { method: "sft" }, threads });
  const rows = () => Array.from({ length: 4 }, () => ({ ids: text(1_000, 513), completionStart: 385 }));
  await trainer.step(rows(), 1e-4);
  const warm = performance.now();
  await trainer.step(rows(), 1e-4);
  const took = (performance.now() - warm) / 1_000;
  await trainer.release();
  return { "trained tokens/s": (4 * 512) / took };
}

/** Megabytes (10^6) of our own, and those of files that the system can take back at any time. */
function look(): void {
  seen.anonymous = Math.max(seen.anonymous, read("RssAnon"));
  seen.mapped = Math.max(seen.mapped, read("RssFile"));
}

function read(field: string): number {
  const status = readFileSync("/proc/self/status", "utf8");
  return (Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * 1024) / 1e6;
}
