import { resolveJudge, suiteNamed } from "../src/evaluation/index.js";
import { resolveChatModel } from "../src/models/index.js";
import { packageFile } from "../src/package-root.js";
import { CODE } from "../test/permissions.js";

/** What the goal speaks of. */
const GOAL = 2_000;

/**
 * Closed questions of the shipped English probes by their answers' probabilities, pressed and asked neutrally, on the checkpoint that
 * CANDOR_BENCH_MODEL names; nothing without one, for a model of random weights has no tokenizer. CANDOR_BENCH_PROBES of each kind (20).
 */
export default async function bench() {
  const name = "forced choice";
  const folder = process.env.CANDOR_BENCH_MODEL;
  if (!folder) return { name: `${name}: set CANDOR_BENCH_MODEL to a checkpoint's folder`, rows: [] };
  const model = await resolveChatModel(`hf:${folder}`, { permissions: CODE });
  const suite = suiteNamed("mask").open({
    file: packageFile("probes/english/mask"),
    probes: Number(process.env.CANDOR_BENCH_PROBES ?? 20),
    temperature: 1,
    maxTokens: 8,
    options: { answer: "closed" },
  });
  const [began, used] = [performance.now(), process.cpuUsage()];
  const results = await suite.run({ model, judge: await resolveJudge("rule"), seed: "bench" });
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(used);
  const asked = results.reduce((sum, { samples }) => sum + samples.length, 0);
  const processor = (user + system) / 1e6;
  return {
    name,
    rows: [
      {
        probes: results.length,
        "questions asked": asked,
        seconds,
        "processor time, s": processor,
        [`processor time of ${GOAL} questions, s`]: (processor / asked) * GOAL,
        [`… of ${GOAL} probes, s`]: (processor / results.length) * GOAL,
      },
    ],
  };
}
