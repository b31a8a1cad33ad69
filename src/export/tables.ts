import { estimateDrift, type Grid, gridOf } from "../drift/index.js";
import { methods } from "../methods/index.js";
import type { ReportRun } from "../report/index.js";
import { sourceKind } from "../scenario/index.js";
import { conversationColumns, driftColumns, probeColumns, roundColumns, runColumns } from "./columns.js";
import type { Table, TableRow } from "./table.js";
import { warningsOf } from "./warnings.js";

/** Everything that runs have to say, as tables that join on run and round. */
export function tablesOf(runs: readonly ReportRun[]): Table[] {
  const grid = gridOf(runs.flatMap(({ observations }) => observations.slice(0, 1)));
  const each = (rowsOf: (run: ReportRun) => AsyncIterable<TableRow> | Iterable<TableRow>) =>
    async function* () {
      for (const run of runs) yield* rowsOf(run);
    };
  return [
    { name: "runs", about: "One row a run.", columns: runColumns, rows: each((run) => runRows(run, grid)) },
    { name: "rounds", about: "One row a round of a run.", columns: roundColumns, rows: each(roundRows) },
    {
      name: "drift",
      about: "Every metric after every evaluated round, with its interval.",
      columns: driftColumns,
      rows: each(({ observations }) => estimateDrift(observations)),
    },
    { name: "probes", about: "One row a probe and round.", columns: probeColumns, rows: each(probeRows) },
    // Nobody talks where data files stand in for users.
    ...(runs.some(({ manifest }) => sourceKind(manifest.scenario.source).rated)
      ? [
          {
            name: "conversations",
            about: "One row a conversation of a user with the assistant.",
            columns: conversationColumns,
            rows: each(conversationRows),
          },
        ]
      : []),
  ];
}

function* runRows(run: ReportRun, { name }: Grid): Iterable<TableRow> {
  const { manifest, observations, rounds } = run;
  const { scenario, seed, hash, status, candor, inputs } = manifest;
  const seen = observations[0];
  const { assistant } = scenario.models;
  yield {
    run: hash,
    scenario: seen ? name(seen) : scenario.name,
    seed,
    method: scenario.training.method,
    biased: seen?.biased ?? null,
    biased_realized: seen?.biased_realized ?? null,
    status,
    assistant: typeof assistant === "string" ? assistant : assistant.model,
    candor,
    settings: scenario,
    inputs,
    floor: rounds[0]?.floor ?? null,
    checks: rounds[0]?.checks ?? null,
    warnings: warningsOf(run),
  };
}

function* roundRows({ manifest, rounds }: ReportRun): Iterable<TableRow> {
  for (const { round, users, interactions, rows, training, seconds } of rounds) {
    yield {
      run: manifest.hash,
      round,
      users,
      conversations: interactions.count,
      unusable: interactions.unusable + interactions.unrated,
      mean_reward: interactions.mean_reward,
      rows,
      steps: training?.steps ?? null,
      tokens: training?.tokens ?? null,
      loss_first: training?.loss_first ?? null,
      loss_last: training?.loss_last ?? null,
      seconds: seconds.total,
    };
  }
}

async function* probeRows(run: ReportRun): AsyncIterable<TableRow> {
  for (const round of roundsOf(run)) {
    const results = (await run.disk.round(round).probes.read()) ?? [];
    for (const { suite, subset, probe, verdict, scores, samples, error } of results) {
      const judged = samples.find(({ purpose }) => !purpose.startsWith("belief")) ?? samples[0];
      const reply = judged?.reply ?? "";
      yield { run: run.manifest.hash, round, suite, subset, probe, verdict, reply, scores, samples, error };
    }
  }
}

async function* conversationRows(run: ReportRun): AsyncIterable<TableRow> {
  const good = methods[run.manifest.scenario.training.method].from === "all" ? "compared" : "top";
  for (const round of roundsOf(run)) {
    const at = run.disk.round(round);
    const thoughts = new Map((await at.population.read())?.map(({ id, thought }) => [id, thought]));
    const chosen = new Map<string, string>();
    for (const row of (await at.preference.read()) ?? [])
      chosen.set(row.source.interaction, "label" in row && !row.label ? "bottom" : good);
    for (const { held_out, ...talk } of (await at.interactions.read()) ?? []) {
      yield {
        ...talk,
        run: run.manifest.hash,
        thought: thoughts.get(talk.id) ?? null,
        raw_ratings: talk.raw_ratings ?? null,
        alternatives: talk.alternatives ?? null,
        reasons: talk.reasons ?? null,
        edits: talk.edits ?? null,
        chosen: chosen.get(talk.id) ?? (held_out ? "held_out" : "none"),
      };
    }
  }
}

function roundsOf({ manifest }: ReportRun): number[] {
  return Array.from({ length: manifest.scenario.rounds + 1 }, (_, round) => round);
}
