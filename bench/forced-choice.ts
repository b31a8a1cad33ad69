import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { forcedChoice, type Spent } from "./parts/forced-choice.js";

/** What the goal speaks of. */
const GOAL = 2_000;

/**
 * Closed questions of the shipped English probes by their answers' probabilities, pressed and asked neutrally, on the checkpoint that
 * CANDOR_BENCH_MODEL names; nothing without one, for a model of random weights has no tokenizer. CANDOR_BENCH_PROBES of each kind (20).
 * In turns: with all cores in every operation, and with processes of one core each, as it is where the work is worth that; opening the
 * model once more in each of them is counted in. Beside it transformers reads the same prompts, and for each of them no more than its
 * last token's logits: less than is asked here, where answers of several tokens are read too.
 */
export default async function bench() {
  const folder = process.env.CANDOR_BENCH_MODEL;
  if (!folder) return { name: "forced choice: set CANDOR_BENCH_MODEL to a checkpoint's folder", rows: [] };
  const compared = spawnSync("python3", ["-c", "import torch, transformers"]).status === 0;
  const reference = compared ? await transformers(folder) : null;
  const together = await forcedChoice(folder, false);
  const apart = await forcedChoice(folder, true);
  // The first run compiles and allocates.
  const warm = await together(2);
  await reference?.read(warm.prompts);
  const probes = Number(process.env.CANDOR_BENCH_PROBES ?? 20);
  const one = await together(probes);
  const other = await apart(probes);
  const theirs = await reference?.read(one.prompts);
  reference?.close();
  const scale = GOAL / one.probes;
  const row = (who: string, { seconds, processor }: Spent) => ({
    who,
    probes: one.probes,
    questions: one.prompts.length,
    seconds,
    "processor time, s": processor,
    [`processor time of ${GOAL} probes, s`]: processor * scale,
    "transformers' processor time / ours": theirs ? theirs.processor / processor : "",
  });
  return {
    name: `forced choice${compared ? "" : " (no python3 with torch and transformers on PATH to compare with)"}`,
    rows: [
      row("candor, all cores in every operation", one),
      row("candor, processes of one core each", other),
      ...(theirs ? [row("transformers, prompts' last logits alone", theirs)] : []),
    ],
  };
}

/** The model in Python, which answers one turn after the other. */
async function transformers(model: string) {
  const script = fileURLToPath(new URL("parts/transformers_score.py", import.meta.url));
  const python = spawn("python3", [script], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const ask = async (question: unknown): Promise<Spent> => {
    python.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error("transformers failed");
    return JSON.parse(value) as Spent;
  };
  await ask({ model, threads: null });
  return { read: (prompts: readonly number[][]) => ask({ prompts }), close: () => python.kill() };
}
