import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { type RoundSummary, runPaths } from "../../runs/index.js";
import type { RoundRow, RunView } from "../api.js";
import type { IndexStore } from "../lines/index.js";
import type { FoundRun } from "./catalogue.js";
import { readProgress } from "./progress.js";
import { readEntry, readRounds, readRunManifest } from "./run-entry.js";

const LOG_BYTES = 64 * 1024;
const WARNINGS = 8;
const WARN = 40;

/** A run as its own page shows it. */
export async function readRunView(run: FoundRun, indices: IndexStore): Promise<RunView> {
  const manifest = await readRunManifest(run);
  const { scenario, candor, node, hash, inputs } = manifest;
  const rounds = await readRounds(run, manifest);
  const { folder } = run;
  const trained = Array.from({ length: scenario.rounds }, (_, at) => at + 1);
  return {
    entry: await readEntry(run, indices),
    description: scenario.description,
    progress: await readProgress(run, manifest, rounds, indices),
    rounds: rounds.map(roundRow),
    checkpoints: [0, ...trained.filter((round) => existsSync(runPaths(folder).checkpoint(round)))],
    scenario: stringify(scenario),
    versions: { candor, node, hash },
    inputs,
    warnings: await lastWarnings(runPaths(folder).log),
    report: existsSync(join(folder, "report.html")),
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

type LogLine = { level: number; msg?: string; error?: string; round?: number; err?: { message?: string } };

/** The latest warnings and errors in the end of a log. */
async function lastWarnings(path: string): Promise<string[]> {
  const lines = (await readEnd(path)).split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as LogLine];
    } catch {
      return []; // the first line may be cut, the last one half written
    }
  });
  return lines
    .filter(({ level }) => level >= WARN)
    .slice(-WARNINGS)
    .map(({ msg, error, err, round }) =>
      [round === undefined ? undefined : `round ${round}`, msg, error ?? err?.message]
        .filter((part) => part !== undefined)
        .join(": "),
    );
}

async function readEnd(path: string): Promise<string> {
  if (!existsSync(path)) return "";
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = Math.min(size, LOG_BYTES);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString("utf8");
  } finally {
    await file.close();
  }
}
