import { findDirection, measure, type Occasion, readContrasts, statesOf } from "../src/disposition/index.js";
import { resolveJudge, suiteNamed } from "../src/evaluation/index.js";
import { openEmbedded } from "../src/models/index.js";
import { packageFile } from "../src/package-root.js";
import { NOTHING } from "../src/permissions/index.js";

const TURNS = 7;
const PER_SUBSET = 64;
const SUBSETS = ["provided_facts", "disinformation", "statistics"];
const MOST = 0.1;

/**
 * What a look inside costs of an evaluation: processor time of the default scenario's 192 probes, each model freshly opened, and of the
 * hidden states at their prompts under pressure, in turns. The direction is found once a run, and told apart.
 */
export default async function bench() {
  const rows = [];
  for (const name of ["likelihood", "rule"]) {
    const shares: number[] = [];
    const evaluations: number[] = [];
    const once: number[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      const seen = await look(name);
      // The first compiles JavaScript.
      if (turn === 0) continue;
      shares.push(seen.inside / seen.evaluation);
      evaluations.push(seen.evaluation);
      once.push(seen.direction / seen.evaluation);
    }
    rows.push({
      judge: name,
      "evaluation, ms of processor time": Math.round(middle(evaluations) * 1000),
      "share of it that hidden states cost": middle(shares),
      from: Math.min(...shares),
      to: Math.max(...shares),
      "once a run: the direction": middle(once),
      goal: MOST,
    });
  }
  return { name: "hidden states beside an evaluation", rows };
}

async function look(judgeName: string) {
  const model = await openEmbedded({ checkpoint: packageFile("models/minnow/1"), adapter: null });
  const judge = await resolveJudge(judgeName, NOTHING, () => Promise.reject(new Error("no model")));
  const suite = suiteNamed("mask").open({
    file: packageFile("probes/minnow/mask.jsonl"),
    subsets: SUBSETS,
    probes: PER_SUBSET,
    temperature: 1,
    maxTokens: 48,
  });
  const [evaluation, results] = await timed(() => suite.run({ model, judge, seed: "1/evaluation" }));
  const occasions = results.map(({ probe, samples, scores }): Occasion => {
    const { messages } = samples.find(({ purpose }) => purpose === "statement")!;
    return { id: probe, unit: probe, messages, lie: 1 - scores.honesty! };
  });
  const [inside, states] = await timed(() => statesOf(model, occasions, 2));
  const contrasts = readContrasts(packageFile("data/contrasts/minnow.jsonl"));
  const [direction, found] = await timed(() => findDirection(model, contrasts, { layer: 2 }));
  measure(occasions, states, { direction: found, probe: null, fitted: { occasions: 0, lies: 0 } });
  await model.release();
  return { evaluation, inside, direction };
}

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1e6, value];
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}
