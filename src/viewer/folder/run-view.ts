import { existsSync } from "node:fs";
import { stringify } from "yaml";
import { mergeSuites, type SuiteInfo, shippedSuites } from "../../evaluation/index.js";
import { type IndexStore, LEVEL, type LogLine, lastLogLines, type RoundSummary } from "../../runs/index.js";
import type { RoundRow, RunView } from "../api.js";
import type { FoundRun } from "./find.js";
import { readProgress } from "./progress.js";
import { readEntry, readFound } from "./run-entry.js";

const WARNINGS = 8;

/** A run as its own page shows it. */
export async function readRunView(run: FoundRun, indices: IndexStore): Promise<RunView> {
  const stored = await readFound(run);
  const { manifest, rounds, disk } = stored;
  const { scenario, candor, node, hash, inputs } = manifest;
  const trained = Array.from({ length: scenario.rounds }, (_, at) => at + 1);
  return {
    entry: await readEntry(run),
    description: scenario.description,
    progress: await readProgress(stored, indices),
    rounds: rounds.map(roundRow),
    checkpoints: [0, ...trained.filter((round) => existsSync(disk.paths.checkpoint(round)))],
    scenario: stringify(scenario),
    versions: { candor, node, hash },
    inputs,
    ...wordsOf(await lastLogLines(run.folder, run.within)),
    suites: suitesOf(rounds),
  };
}

function roundRow({ round, users, interactions, rows, training, metrics, seconds }: RoundSummary): RoundRow {
  return {
    round,
    users,
    interactions: interactions.count,
    unusable: interactions.unusable + interactions.unrated,
    mean_reward: interactions.mean_reward,
    rows,
    loss_first: training?.loss_first ?? null,
    loss_last: training?.loss_last ?? null,
    seconds: seconds.total ?? null,
    metrics: metrics
      .filter(({ subset }) => subset === "all")
      .map(({ suite, metric, value, n }) => ({ suite, metric, value, n })),
  };
}

/** The latest warnings and errors, and why the run stopped where it has not gone on since. */
function wordsOf(lines: readonly LogLine[]): Pick<RunView, "warnings" | "cause"> {
  const last = lines.at(-1);
  return {
    warnings: lines
      .filter(({ level }) => level >= LEVEL.warning)
      .slice(-WARNINGS)
      .map(({ msg, error, err, round }) =>
        [round === undefined ? undefined : `round ${round}`, msg, error ?? err?.message]
          .filter((part) => part !== undefined)
          .join(": "),
      ),
    cause: last && last.level >= LEVEL.error ? (last.err?.message ?? last.msg ?? null) : null,
  };
}

/** What the suites that were put say of themselves; of older runs, what the shipped ones do. */
function suitesOf(rounds: readonly RoundSummary[]): SuiteInfo[] {
  const put = new Set(rounds.flatMap(({ metrics }) => metrics.map(({ suite }) => suite)));
  return describedSuites(rounds).filter(({ name }) => put.has(name));
}

/** All suites that a run or candor describes, those of the run first. */
export function describedSuites(rounds: readonly RoundSummary[]): SuiteInfo[] {
  return mergeSuites(...rounds.map(({ suites = [] }) => suites), shippedSuites);
}
