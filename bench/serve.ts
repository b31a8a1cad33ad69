import { spawn, spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFile } from "../src/package-root.js";
import { stream } from "../src/random.js";
import { firstLine } from "./parts/start.js";

const BATCH = 64;
const PROMPT = 60;
const NEW = 48;
const TURNS = 5;
const VOCABULARY = 828;

type Turn = { seconds: number; tokens: number };

/**
 * Tokens/s that `candor serve` draws for 64 clients at the same time, beside `generate` of transformers on the same checkpoint
 * with the same 64 prompts as one batch; temperature 1, prompts of random tokens that no turn repeats. The checkpoint is minnow
 * without its end of text, so that every text has 48 tokens on both sides. Both as they come, one after the other.
 */
export default async function bench() {
  const folder = await mkdtemp(join(tmpdir(), "candor-bench-"));
  try {
    const model = join(folder, "endless");
    await writeEndless(model);
    const turns = Array.from({ length: TURNS + 1 }, (_, turn) => randomPrompts(`${turn}`));
    const rows = [row("candor serve", await served(model, turns))];
    const theirs = ofTransformers(model, turns);
    if (!theirs)
      return {
        name: "serve (skipped: no python3 with torch and transformers on PATH to compare with)",
        rows,
      };
    rows.push(row("transformers", theirs));
    const ratio = rows[0]!["tokens/s"] / rows[1]!["tokens/s"];
    return { name: `serve: ${ratio.toFixed(1)} x the tokens/s of transformers`, rows };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function row(who: string, turns: readonly Turn[]) {
  const rates = turns.map(({ seconds, tokens }) => tokens / seconds).sort((a, b) => a - b);
  return {
    who,
    "tokens/s": Math.round(rates[Math.floor(rates.length / 2)]!),
    least: Math.round(rates[0]!),
    most: Math.round(rates.at(-1)!),
    "tokens a turn": Math.round(turns.reduce((sum, { tokens }) => sum + tokens, 0) / turns.length),
  };
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
    for (let turn = 0; turn <= TURNS; turn += 1) {
      const start = performance.now();
      const drawn = await Promise.all(
        prompts[turn]!.map((prompt, index) => ask(prompt, turn * BATCH + index)),
      );
      const seconds = (performance.now() - start) / 1_000;
      // The first warms up.
      if (turn > 0) turns.push({ seconds, tokens: drawn.reduce((sum, count) => sum + count, 0) });
    }
    return turns;
  } finally {
    server.kill();
  }
}

/** null where there is no such Python. */
function ofTransformers(model: string, prompts: readonly number[][][]): Turn[] | null {
  const script = fileURLToPath(new URL("parts/transformers_generate.py", import.meta.url));
  const input = JSON.stringify({ model, prompts, max_new_tokens: NEW });
  const known = spawnSync("python3", ["-c", "import torch, transformers"]);
  if (known.status !== 0) return null;
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

function randomPrompts(name: string): number[][] {
  const random = stream(`bench/serve/${name}`);
  return Array.from({ length: BATCH }, () =>
    Array.from({ length: PROMPT }, () => Math.floor(random() * VOCABULARY)),
  );
}
