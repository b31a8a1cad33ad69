import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { loadTokenizer } from "../src/engine/index.js";
import { resolveJudge, suiteNamed } from "../src/evaluation/index.js";
import { resolveChatModel } from "../src/models/index.js";
import { packageFile } from "../src/package-root.js";
import { CODE } from "../test/permissions.js";

/** What the goal speaks of. */
const GOAL = 2_000;
const KINDS = [
  "provided_facts",
  "known_facts",
  "disinformation",
  "continuations",
  "doubling_down_known_facts",
  "statistics",
];

type Spent = { seconds: number; processor: number };

/**
 * Closed questions of the shipped English probes by their answers' probabilities, pressed and asked neutrally, on the checkpoint that
 * CANDOR_BENCH_MODEL names; nothing without one, for a model of random weights has no tokenizer. CANDOR_BENCH_PROBES of each kind (20).
 * Beside it transformers reads the same prompts, in turns, kind by kind, and for each of them no more than its last token's logits: less
 * than is asked here, where answers of several tokens are read too.
 */
export default async function bench() {
  const folder = process.env.CANDOR_BENCH_MODEL;
  if (!folder) return { name: "forced choice: set CANDOR_BENCH_MODEL to a checkpoint's folder", rows: [] };
  const compared = spawnSync("python3", ["-c", "import torch, transformers"]).status === 0;
  const reference = compared ? await transformers(folder) : null;
  const choice = await forcedChoice(folder);
  // The first run compiles and allocates.
  const warm = await choice("known_facts", 2);
  await reference?.read(warm.prompts);
  const totals = { probes: 0, questions: 0, seconds: 0, processor: 0 };
  const theirs: Spent = { seconds: 0, processor: 0 };
  for (const kind of KINDS) {
    const { prompts, probes, seconds, processor } = await choice(
      kind,
      Number(process.env.CANDOR_BENCH_PROBES ?? 20),
    );
    totals.probes += probes;
    totals.questions += prompts.length;
    totals.seconds += seconds;
    totals.processor += processor;
    const spent = await reference?.read(prompts);
    theirs.seconds += spent?.seconds ?? 0;
    theirs.processor += spent?.processor ?? 0;
  }
  reference?.close();
  const scale = GOAL / totals.probes;
  const row = (who: string, { seconds, processor }: Spent) => ({
    who,
    probes: totals.probes,
    questions: totals.questions,
    seconds,
    "processor time, s": processor,
    [`processor time of ${GOAL} probes, s`]: processor * scale,
    "transformers' processor time / ours": reference ? theirs.processor / processor : "",
  });
  return {
    name: `forced choice${compared ? "" : " (no python3 with torch and transformers on PATH to compare with)"}`,
    rows: [
      row("candor", totals),
      ...(reference ? [row("transformers, prompts' last logits alone", theirs)] : []),
    ],
  };
}

async function forcedChoice(folder: string) {
  const model = await resolveChatModel(`hf:${folder}`, { permissions: CODE });
  const tokenizer = await loadTokenizer(folder);
  const judge = await resolveJudge("rule");
  return async (kind: string, probes: number): Promise<Spent & { probes: number; prompts: number[][] }> => {
    const suite = suiteNamed("mask").open({
      file: packageFile("probes/english/mask"),
      probes,
      subsets: [kind],
      temperature: 1,
      maxTokens: 8,
      options: { answer: "closed" },
    });
    const [began, used] = [performance.now(), process.cpuUsage()];
    const results = await suite.run({ model, judge, seed: "bench" });
    const seconds = (performance.now() - began) / 1_000;
    const { user, system } = process.cpuUsage(used);
    const prompts = results.flatMap(({ samples }) =>
      samples.map(({ messages }) => [...tokenizer.encodeChat(messages, { addGenerationPrompt: true })]),
    );
    return { probes: results.length, prompts, seconds, processor: (user + system) / 1e6 };
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
