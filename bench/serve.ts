import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { ask as request } from "../src/models/openai/http.js";
import { packageFile } from "../src/package-root.js";
import { stream } from "../src/random.js";
import { firstLine } from "./parts/start.js";

const BATCHES = [1, 8, 64];
const PROMPT = 60;
const NEW = 48;
const VOCABULARY = 828;
/** Seconds for each batch size, the same for all: first it warms up, then it is measured for a while, three times. */
const TIME = { warm: 3, measured: 2.5 };
const ROUNDS = 3;

/** `processor` is the processor time in seconds, of all threads. */
type Turn = { seconds: number; processor: number; tokens: number };

/** Who draws texts after the prompts of a batch, all at once. */
type Side = { who: string; draw: (prompts: number[][], seed: number) => Promise<Turn>; close: () => void };

/**
 * Tokens/s that `candor serve` draws for 1, 8 and 64 clients at the same time, beside `generate` of transformers on the same
 * checkpoint with the same prompts as one batch; temperature 1, prompts of random tokens that no turn repeats; a turn ends with
 * its last text. The checkpoint is minnow without its end of text, so that every text has 48 tokens on both sides. candor runs
 * as it comes; transformers as it comes, and with one thread. All are measured warm, for the same time, and take turns, so that
 * other work on the machine meets them alike. Clients are part of candor's time: they run in this process, on the same cores.
 */
export default async function bench() {
  const folder = await mkdtemp(join(tmpdir(), "candor-bench-"));
  try {
    const model = join(folder, "endless");
    await writeEndless(model);
    const sides: Side[] = [];
    try {
      sides.push(await serve(model));
      const compared = spawnSync("python3", ["-c", "import torch, transformers"]).status === 0;
      if (compared) {
        sides.push(await transformers("transformers", model, null));
        sides.push(await transformers("transformers, one thread", model, 1));
      }
      const rows = [];
      for (const batch of BATCHES) rows.push(...(await measure(batch, sides)));
      const skipped = compared ? "" : " (no python3 with torch and transformers on PATH to compare with)";
      return { name: `serve: minnow, ${PROMPT} tokens of prompt, ${NEW} new ones${skipped}`, rows };
    } finally {
      for (const { close } of sides) close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A row for each side. */
async function measure(batch: number, sides: readonly Side[]) {
  const counted = sides.map((): Turn[] => []);
  let turn = 0;
  const drawFor = async (seconds: number, { draw }: Side): Promise<Turn[]> => {
    const turns: Turn[] = [];
    const start = performance.now();
    while (turns.length === 0 || elapsed(start) < seconds) {
      turn += 1;
      turns.push(await draw(randomPrompts(batch, `${batch}/${turn}`), turn));
    }
    return turns;
  };
  for (const side of sides) await drawFor(TIME.warm, side);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [index, side] of sides.entries())
      counted[index]!.push(...(await drawFor(TIME.measured, side)));
  return sides.map(({ who }, index) => {
    const turns = counted[index]!;
    return {
      who,
      batch,
      turns: turns.length,
      "tokens/s": median(turns.map(({ seconds, tokens }) => tokens / seconds)),
      "tokens a processor second": Math.round(sum(turns, "tokens") / sum(turns, "processor")),
    };
  });
}

const elapsed = (start: number): number => (performance.now() - start) / 1_000;
const sum = (turns: readonly Turn[], field: keyof Turn): number =>
  turns.reduce((total, turn) => total + turn[field], 0);
const median = (rates: number[]): number =>
  Math.round(rates.sort((a, b) => a - b)[Math.floor(rates.length / 2)]!);

async function serve(model: string): Promise<Side> {
  const command = ["dist/cli/main.js", "serve", `hf:${model}`, "--port", "0", "--json"];
  const server = spawn(process.execPath, command, {
    cwd: packageFile("."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { url } = JSON.parse(await firstLine(server)) as { url: string };
  const ask = async (prompt: readonly number[], seed: number): Promise<number> => {
    const { text } = await request(`${url}/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "endless", prompt, max_tokens: NEW, temperature: 1, seed }),
    });
    const { usage } = JSON.parse(text) as { usage: { completion_tokens: number } };
    return usage.completion_tokens;
  };
  const draw: Side["draw"] = async (prompts, seed) => {
    const used = processorSeconds(server.pid!);
    const start = performance.now();
    const drawn = await Promise.all(prompts.map((prompt, index) => ask(prompt, 100 * seed + index)));
    const seconds = elapsed(start);
    const processor = processorSeconds(server.pid!) - used;
    return { seconds, processor, tokens: drawn.reduce((total, count) => total + count, 0) };
  };
  return { who: "candor serve", draw, close: () => server.kill() };
}

/** Of a process and its children so far; not a number where there is no /proc. In hundredths of a second there. */
function processorSeconds(pid: number): number {
  if (!existsSync(`/proc/${pid}/stat`)) return Number.NaN;
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
  const theirs = children.reduce((total, child) => total + processorSeconds(Number(child)), 0);
  return (Number(fields[11]) + Number(fields[12])) / 100 + theirs;
}

async function transformers(who: string, model: string, threads: number | null): Promise<Side> {
  const script = fileURLToPath(new URL("parts/transformers_generate.py", import.meta.url));
  const python = spawn("python3", [script], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const ask = async (question: object): Promise<Turn> => {
    python.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error("transformers failed");
    return JSON.parse(value) as Turn;
  };
  await ask({ model, max_new_tokens: NEW, threads });
  return { who, draw: (prompts, seed) => ask({ prompts, seed }), close: () => python.kill() };
}

/** A copy of minnow that never ends a text. */
async function writeEndless(folder: string): Promise<void> {
  await cp(packageFile("models/minnow/1"), folder, { recursive: true });
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
