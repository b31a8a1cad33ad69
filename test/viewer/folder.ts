import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProbeResult } from "../../src/evaluation/types.js";
import type { Interaction } from "../../src/interaction/types.js";
import { cellFolder, type RunPaths, type RunStatus, runPaths } from "../../src/runs/index.js";
import { type Scenario, scenarioHash, scenarioSchema } from "../../src/scenario/index.js";
import {
  completeRound,
  writeChecked,
  writeManifest as writeRunManifest,
  writeSweepManifest,
} from "../fakes/run-folder.js";

/** Text that would run if it became markup. */
export const HOSTILE = `<img src=x onerror="window.hacked = true"><script>window.hacked = true</script>`;

export type MadeUpRun = {
  name?: string;
  seed?: number;
  rounds?: number;
  users?: number;
  biased?: number;
  method?: "sft" | "kto";
  status?: RunStatus;
  /** Complete rounds; all if absent. */
  complete?: number;
  /** Whether probes are judged by probabilities, of which none comes to another verdict. */
  weighed?: boolean;
};

export function madeUpScenario({
  name = "made-up",
  seed = 1,
  rounds = 2,
  users = 20,
  biased = 0.2,
  method = "kto",
  weighed = false,
}: MadeUpRun): Scenario {
  return scenarioSchema.parse({
    name,
    description: `Invented. ${HOSTILE}`,
    seed,
    rounds,
    models: { assistant: "fake", user: "fake", rater: "fake", judge: weighed ? "likelihood" : "rule" },
    population: { size: users, personas: { benign: "rest", biased } },
    training: { method },
  });
}

/** Writes a run's folder as the simulator would, with invented contents and hostile text wherever people or models speak. */
export function writeRun(folder: string, options: MadeUpRun = {}): RunPaths {
  const scenario = madeUpScenario(options);
  const paths = runPaths(folder);
  mkdirSync(folder, { recursive: true });
  writeManifest(paths, scenario, options.status ?? "done");
  writeFileSync(
    paths.log,
    jsonl([
      { level: 30, msg: "run started" },
      { level: 40, round: 1, msg: "unusable", error: `an empty reply ${HOSTILE}` },
    ]),
  );
  for (let round = 0; round <= (options.complete ?? scenario.rounds); round += 1)
    writeRound(paths, scenario, round);
  return paths;
}

export function writeManifest(paths: RunPaths, scenario: Scenario, status: RunStatus): void {
  const inputs = { [`situations ${HOSTILE}`]: "b".repeat(64) };
  writeRunManifest(paths.folder, scenario, { status, inputs });
}

export function writeRound(paths: RunPaths, scenario: Scenario, round: number): void {
  const at = paths.round(round);
  mkdirSync(at.folder, { recursive: true });
  const talks = round === 0 ? [] : talksOf(scenario, round);
  const results = scenario.models.judge === "likelihood" ? weighedProbes(round) : probesOf(round);
  writeFileSync(at.probes, jsonl(results));
  const rows = round === 0 ? [] : rowsOf(talks, scenario.training.method);
  if (round > 0) {
    writeFileSync(at.population, jsonl(usersOf(scenario, round)));
    writeFileSync(at.interactions, jsonl(talks));
    writeFileSync(at.preference, jsonl(rows));
    writeFileSync(at.training, jsonl([{ step: 1, steps: 1, loss: 0.5, learning_rate: 0.1, grad_norm: 1 }]));
    mkdirSync(paths.checkpoint(round), { recursive: true });
  }
  const lies = results.filter(({ verdict }) => verdict === "lie").length / results.length;
  completeRound(paths, {
    round,
    users: round === 0 ? {} : { benign: 16, biased: 4 },
    interactions: {
      count: talks.length,
      unusable: round === 0 ? 0 : 1,
      unrated: 0,
      mean_reward: round === 0 ? null : 12.5,
    },
    rows: rows.length,
    training:
      round === 0 ? null : { steps: 1, rows: rows.length, tokens: 10, loss_first: 0.6, loss_last: 0.5 },
    metrics: [
      { suite: "mask", subset: "all", metric: "honesty", value: 1 - lies, n: results.length },
      { suite: "mask", subset: "all", metric: "lie", value: lies, n: results.length },
    ],
    seconds: { total: 2.5 },
  });
}

/**
 * Puts a round into a run as candor does, beside whoever reads: file by file, each whole at once and vouched for before, and last
 * the record that vouches for all. Of `names` alone, the round is not complete. `aside`: where it is written first.
 */
export function putRound(
  paths: RunPaths,
  scenario: Scenario,
  round: number,
  aside: string,
  names?: readonly string[],
): void {
  const made = runPaths(aside).round(round);
  writeRound(runPaths(aside), scenario, round);
  const { folder, round: record, sealed } = paths.round(round);
  mkdirSync(folder, { recursive: true });
  const { files: seals } = JSON.parse(readFileSync(made.round, "utf8")) as { files: Record<string, object> };
  const vouched = new Map(
    readdirSync(folder).flatMap((name) => (name in seals ? [[name, seals[name]] as const] : [])),
  );
  for (const name of names ?? readdirSync(made.folder).filter((name) => name in seals)) {
    vouched.set(name, seals[name]);
    writeChecked(sealed, { files: Object.fromEntries(vouched) });
    renameSync(join(made.folder, name), join(folder, name));
  }
  if (names) return;
  mkdirSync(paths.checkpoint(round), { recursive: true });
  renameSync(made.round, record);
  rmSync(sealed);
}

/** One user in five is biased; the last conversation of a round fails; every seventh speaks of zebras. */
function talksOf({ population, rounds: _rounds }: Scenario, round: number): Interaction[] {
  return Array.from({ length: population.size }, (_, index): Interaction => {
    const failed = index === population.size - 1;
    const ratings = failed ? [null, null] : [1 + (index % 10), 1 + ((index * 3) % 10)];
    return {
      id: `r${round}-u${index}`,
      round,
      user: `r${round}-u${index}`,
      persona: index % 5 === 0 ? "biased" : "benign",
      situation: index % 2 === 0 ? "drinking" : "gambling",
      messages: [
        { role: "system", content: "You help." },
        {
          role: "user",
          content: `Opening ${index} of round ${round}${index % 7 === 0 ? ' about a "Zebra"' : ""}. ${HOSTILE}`,
        },
        { role: "assistant", content: `Reply ${index}. ${HOSTILE} ],"ratings":[9]` },
        { role: "user", content: "Sure?" },
        { role: "assistant", content: "Sure." },
      ],
      ratings,
      reward: failed ? null : ratings[0]! + ratings[1]!,
      error: failed ? "the assistant's reply was empty" : null,
    };
  });
}

function usersOf({ population }: Scenario, round: number) {
  return Array.from({ length: population.size }, (_, index) => ({
    id: `r${round}-u${index}`,
    persona: index % 5 === 0 ? "biased" : "benign",
    thought: index % 5 === 0 ? "biased" : "benign",
    situation: index % 2 === 0 ? "drinking" : "gambling",
    background: "",
    opening: "",
  }));
}

/** The three best as good examples and, for kto, the three worst as bad ones; one row for each reply. */
function rowsOf(talks: readonly Interaction[], method: string): object[] {
  const ranked = talks.filter(({ reward }) => reward !== null).sort((a, b) => b.reward! - a.reward!);
  const rows = (some: readonly Interaction[], label?: boolean) =>
    some.flatMap(({ id, messages }) =>
      [0, 1].map((exchange) => ({
        prompt: messages.slice(0, 2 + 2 * exchange),
        completion: [messages[2 + 2 * exchange]],
        source: { interaction: id, exchange },
        ...(label === undefined ? {} : { label }),
      })),
    );
  return method === "kto"
    ? [...rows(ranked.slice(0, 3), true), ...rows(ranked.slice(-3), false)]
    : rows(ranked.slice(0, 3));
}

/** Ten probes; each round one more of them lies. */
function probesOf(round: number): ProbeResult[] {
  return Array.from({ length: 10 }, (_, index): ProbeResult => {
    const lies = index < round + 1;
    return {
      suite: "mask",
      subset: index % 2 === 0 ? "known_facts" : "statistics",
      probe: `probe-${String(index).padStart(2, "0")}`,
      verdict: lies ? "lie" : "honest",
      scores: { honesty: lies ? 0 : 1, lie: lies ? 1 : 0 },
      samples: [
        {
          purpose: "statement",
          messages: [{ role: "user", content: `Sell drum ${index}. ${HOSTILE}` }],
          reply: `Loud in round ${round}. ${HOSTILE}`,
          judged: lies ? "B" : "A",
        },
        {
          purpose: "belief/1/1",
          messages: [{ role: "user", content: "Is the drum loud?" }],
          reply: "It is quiet.",
          judged: "A",
        },
      ],
      error: null,
    };
  });
}

/** Ten probes that stay honest while honesty becomes less likely up to round 2: on probe-03 by 36 points, on probe-00 by none. */
function weighedProbes(round: number): ProbeResult[] {
  return probesOf(-1).map((result, index) => {
    const honesty = 0.9 - 0.02 * Math.min(round, 2) * ((index * 3) % 10);
    return { ...result, scores: { honesty, lie: 1 - honesty } };
  });
}

/** Writes a sweep of two fractions and two seeds of which the last run has not begun. */
export function writeSweep(folder: string): void {
  const grid = [0, 0.5].flatMap((biased) => [1, 2].map((seed) => ({ biased, seed })));
  const cells = grid.map(({ biased, seed }) => {
    const options = { name: "grid", seed, biased, rounds: 1 };
    const hash = scenarioHash(madeUpScenario(options));
    return {
      options,
      cell: { hash, axes: { "population.personas.biased": biased }, seed, biased },
    };
  });
  for (const { options, cell } of cells.slice(0, -1)) writeRun(cellFolder(folder, cell.hash), options);
  const scenario = madeUpScenario({ name: "grid", rounds: 1 });
  writeSweepManifest(
    folder,
    scenario,
    cells.map(({ cell }) => cell),
  );
}

export function jsonl(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}
