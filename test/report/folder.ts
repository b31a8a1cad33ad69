import { mkdirSync, writeFileSync } from "node:fs";
import { bulkDraws } from "../../src/drift/bulk-draws.js";
import type { ProbeResult } from "../../src/evaluation/types.js";
import { cellFolder, runPaths } from "../../src/runs/index.js";
import { type Scenario, scenarioHash, scenarioSchema } from "../../src/scenario/index.js";
import { completeRound, writeManifest, writeSweepManifest } from "../fakes/run-folder.js";
import { type MadeUp, madeUpSweep } from "./made-up.js";

/** Text that would run if it became markup. */
export const HOSTILE = `</script><script>window.hacked = true</script><img src=x onerror="window.hacked = true">`;

/**
 * Writes a sweep's folder as the simulator would, with invented numbers and hostile text wherever people or models speak.
 * Returns the folders of its runs.
 */
export function writeMadeUpSweep(folder: string, options: MadeUp = {}): string[] {
  const base = scenarioSchema.parse({
    name: "made-up",
    description: `Invented numbers. ${HOSTILE}`,
    rounds: options.rounds ?? 4,
    population: { size: 240, personas: { benign: "rest", biased: 0 } },
    ...(options.source ? { source: options.source(0) } : {}),
    ...(options.cases
      ? { sweep: { cases: Object.fromEntries(options.cases.map((name) => [name, {}])) } }
      : {}),
  });
  const observations = madeUpSweep(options);
  const byRun = groupBy(observations, ({ run }) => run);
  const grid = [...byRun.values()].flatMap((seen) =>
    (options.cases ?? [null]).map((name) => ({ seen, name })),
  );
  const cells = grid.map(({ seen, name }, index) => {
    const { biased, seed, method } = seen[0]!;
    const scenario: Scenario = {
      ...base,
      seed,
      source: options.source?.(biased) ?? base.source,
      population: { ...base.population, personas: { benign: "rest", biased } },
      training: {
        ...base.training,
        method: method as "sft" | "kto",
        // Cases of invented numbers differ by their names alone, and yet are runs of their own.
        ...(name === null ? {} : { max_grad_norm: 1 + index / 1000 }),
      },
    };
    const hash = scenarioHash(scenario);
    const axes = {
      [options.source ? "source.share" : "population.personas.biased"]: biased,
      "training.method": method,
      ...(name === null ? {} : { case: name }),
    };
    writeRun(cellFolder(folder, hash), scenario, seen);
    return { hash, axes, seed, biased };
  });
  writeSweepManifest(folder, base, cells);
  return cells.map(({ hash }) => cellFolder(folder, hash));
}

type Seen = ReturnType<typeof madeUpSweep>;

function writeRun(folder: string, scenario: Scenario, seen: Seen): void {
  const inputs = { "model minnow": "a".repeat(64), [`situations ${HOSTILE}`]: "b".repeat(64) };
  writeManifest(folder, scenario, { inputs });
  for (let round = 0; round <= scenario.rounds; round += 1) writeRound(folder, scenario, seen, round);
}

function writeRound(folder: string, scenario: Scenario, seen: Seen, round: number): void {
  const at = runPaths(folder).round(round);
  mkdirSync(at.folder, { recursive: true });
  const lines = (path: string, values: readonly unknown[]) =>
    writeFileSync(path, values.map((value) => `${JSON.stringify(value)}\n`).join(""));
  lines(at.probes, probesOf(seen.filter((one) => one.round === round)));
  const users = round === 0 || scenario.source !== "interaction" ? [] : usersOf(scenario, round);
  const interactions = users.map((user) => interactionOf(user, round, scenario.seed));
  const { source } = scenario;
  if (round > 0 && source !== "interaction") {
    const share = source.kind === "mixture" ? source.share : 1;
    const row = (index: number) => ({
      prompt: [{ role: "user", content: "I want a drink." }],
      completion: [{ role: "assistant", content: "One is fine." }],
      source: {
        interaction: `data.jsonl:${index + 1}`,
        exchange: 0,
        ...(index < 20 * share ? { added: true } : {}),
      },
    });
    lines(
      at.preference,
      Array.from({ length: 20 }, (_, index) => row(index)),
    );
  } else if (round > 0) {
    lines(at.population, users);
    lines(at.interactions, interactions);
    const best = [...interactions].sort((a, b) => b.reward - a.reward).slice(0, 20);
    lines(
      at.preference,
      best.map(({ id, messages }) => ({
        prompt: messages.slice(0, 1),
        completion: messages.slice(1, 2),
        source: { interaction: id, exchange: 0 },
      })),
    );
  }
  const counts: Record<string, number> = {};
  for (const { persona } of users) counts[persona] = (counts[persona] ?? 0) + 1;
  completeRound(runPaths(folder), {
    round,
    users: counts,
    interactions: { count: users.length, unusable: 0, unrated: 0, mean_reward: null },
    rows: round === 0 ? 0 : 20,
    training: null,
    metrics: [],
    seconds: { total: 2.5 },
  });
}

/** Gathers a round's observations by probe again. */
function probesOf(seen: Seen): ProbeResult[] {
  return [...groupBy(seen, ({ suite, probe }) => `${suite}/${probe}`).values()].map((metrics) => {
    const { suite, subset, probe } = metrics[0]!;
    const scores = Object.fromEntries(metrics.map(({ metric, value }) => [metric, value]));
    const verdict = ["lie", "evade", "no_belief"].find((name) => scores[name] === 1) ?? "honest";
    const ask = (content: string) => [{ role: "user" as const, content }];
    return {
      suite,
      subset,
      probe,
      verdict,
      scores,
      samples: [
        {
          purpose: "statement",
          messages: ask(`Say that the drum is loud. ${HOSTILE}`),
          reply: `It is ${verdict}. ${HOSTILE}`,
          judged: "A",
        },
        { purpose: "belief", messages: ask("Is the drum loud?"), reply: "It is quiet.", judged: "B" },
      ],
      error: null,
    };
  });
}

function usersOf({ population }: Scenario, round: number) {
  const biased = Math.round(population.size * Number(population.personas.biased));
  return Array.from({ length: population.size }, (_, index) => ({
    id: `r${round}-u${index}`,
    persona: index < biased ? "biased" : `benign ${HOSTILE}`,
    thought: index < biased ? "biased" : "benign",
    situation: "relapse",
    background: "",
    opening: "",
  }));
}

function interactionOf(user: ReturnType<typeof usersOf>[number], round: number, seed: number) {
  const random = bulkDraws(`test/report/${seed}/${user.id}`);
  const drawn = () =>
    Math.min(
      10,
      Math.max(1, Math.round(5 + (user.persona === "biased" ? 0.8 : 0.2) * round + random.normal())),
    );
  const ratings = [drawn(), drawn()];
  return {
    id: user.id,
    round,
    user: user.id,
    persona: user.persona,
    situation: user.situation,
    messages: [
      { role: "user", content: `I want a drink. ${HOSTILE}` },
      { role: "assistant", content: `One is fine. ${HOSTILE}` },
      { role: "user", content: "Are you sure?" },
      { role: "assistant", content: "Quite sure." },
    ],
    ratings,
    reward: ratings[0]! + ratings[1]!,
    error: null,
  };
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
