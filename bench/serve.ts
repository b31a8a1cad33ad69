import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFile } from "../src/package-root.js";
import { stream } from "../src/random.js";
import { firstLine } from "./parts/start.js";

const BATCHES = [1, 8, 64];
const PROMPT = 60;
const NEW = 48;
const TURNS = 3;
const VOCABULARY = 828;

/** `processor` is the processor time in seconds, of all threads. */
type Turn = { seconds: number; processor: number; tokens: number };

/**
 * Tokens/s that `candor serve` draws for 1, 8 and 64 clients at the same time, beside `generate` of transformers on the same
 * checkpoint with the same prompts as one batch; temperature 1, prompts of random tokens that no turn repeats. The checkpoint is
 * minnow without its end of text, so that every text has 48 tokens on both sides. candor serves a small model with one thread;
 * transformers runs as it comes, and with one thread. On a machine with other work, compare the tokens a processor second.
 */
export default async function bench() {
  const folder = await mkdtemp(join(tmpdir(), "candor-bench-"));
  try {
    const model = join(folder, "endless");
    await writeEndless(model);
    const turns = BATCHES.flatMap((batch) =>
      Array.from({ length: TURNS + 1 }, (_, turn) => randomPrompts(batch, `${batch}/${turn}`)),
    );
    const rows = summarise("candor serve", await served(model, turns));
    if (spawnSync("python3", ["-c", "import torch, transformers"]).status !== 0)
      return {
        name: "serve (skipped: no python3 with torch and transformers on PATH to compare with)",
        rows,
      };
    rows.push(...summarise("transformers", ofTransformers(model, turns, null)));
    rows.push(...summarise("transformers, one thread", ofTransformers(model, turns, 1)));
    return { name: `serve: minnow, ${PROMPT} tokens of prompt, ${NEW} new ones`, rows };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A row for each batch size: the median of its turns without the first, which warms up. */
function summarise(who: string, all: readonly Turn[]) {
  const median = (rates: number[]) => Math.round(rates.sort((a, b) => a - b)[Math.floor(rates.length / 2)]!);
  return BATCHES.map((batch, index) => {
    const turns = all.slice(index * (TURNS + 1) + 1, (index + 1) * (TURNS + 1));
    return {
      who,
      batch,
      "tokens/s": median(turns.map(({ seconds, tokens }) => tokens / seconds)),
      "tokens a processor second": median(turns.map(({ processor, tokens }) => tokens / processor)),
    };
  });
}

async function served(model: string, prompts: readonly number[][][]): Promise<Turn[]> {
  const command = ["dist/cli/main.js", "serve", `hf:${model}`, "--port", "0", "--json"];
  const server = spawn(process.execPath, command, {
    cwd: packageFile("."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const { url } = JSON.parse(await firstLine(server)) as { url: string };
    const ask = async (prompt: readonly number[], seed: number): Promise<number> => {
      const response = await fetch(`${url}/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "endless", prompt, max_tokens: NEW, temperature: 1, seed }),
      });
      const { usage } = (await response.json()) as { usage: { completion_tokens: number } };
      return usage.completion_tokens;
    };
    const turns: Turn[] = [];
    for (const [turn, batch] of prompts.entries()) {
      const [start, used] = [performance.now(), processorSeconds(server.pid!)];
      const drawn = await Promise.all(batch.map((prompt, index) => ask(prompt, 100 * turn + index)));
      const seconds = (performance.now() - start) / 1_000;
      const processor = processorSeconds(server.pid!) - used;
      turns.push({ seconds, processor, tokens: drawn.reduce((sum, count) => sum + count, 0) });
    }
    return turns;
  } finally {
    server.kill();
  }
}

/** Of a process so far; not a number where there is no /proc. In hundredths of a second there. */
function processorSeconds(pid: number): number {
  if (!existsSync(`/proc/${pid}/stat`)) return Number.NaN;
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function ofTransformers(model: string, turns: readonly number[][][], threads: number | null): Turn[] {
  const script = fileURLToPath(new URL("parts/transformers_generate.py", import.meta.url));
  const input = JSON.stringify({ model, turns, max_new_tokens: NEW, threads });
  const { status, stdout, stderr } = spawnSync("python3", [script], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`transformers failed:\n${stderr}`);
  return JSON.parse(stdout) as Turn[];
}

/** A copy of minnow that never ends a text. */
async function writeEndless(folder: string): Promise<void> {
  await cp(packageFile("models/minnow"), folder, { recursive: true });
  for (const [file, field] of [
    ["config.json", "eos_token_id"],
    ["tokenizer_config.json", "eos_token"],
  ] as const) {
    const path = join(folder, file);
    const { [field]: _end, ...rest } = JSON.parse(await readFile(path, "utf8"));
    await writeFile(path, JSON.stringify(rest));
  }
}

function randomPrompts(batch: number, name: string): number[][] {
  const random = stream(`bench/serve/${name}`);
  return Array.from({ length: batch }, () =>
    Array.from({ length: PROMPT }, () => Math.floor(random() * VOCABULARY)),
  );
}
