import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { mergeSuites, type SuiteInfo, shippedSuites } from "../../evaluation/index.js";
import { type RoundSummary, runPaths } from "../../runs/index.js";
import type { RoundRow, RunView } from "../api.js";
import type { IndexStore } from "../lines/index.js";
import type { FoundRun } from "./find.js";
import { readProgress } from "./progress.js";
import { readEntry, readRounds, readRunManifest } from "./run-entry.js";

const LOG_BYTES = 64 * 1024;
const WARNINGS = 8;
const [WARN, ERROR] = [40, 50];

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
    ...wordsOf(await lastLines(runPaths(folder).log)),
    suites: suitesOf(rounds),
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

/** The last lines of a log that can be read. */
async function lastLines(path: string): Promise<LogLine[]> {
  return (await readEnd(path)).split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as LogLine];
    } catch {
      return []; // the first line may be cut, the last one half written
    }
  });
}

/** The latest warnings and errors, and why the run stopped where it has not gone on since. */
function wordsOf(lines: readonly LogLine[]): Pick<RunView, "warnings" | "cause"> {
  const last = lines.at(-1);
  return {
    warnings: lines
      .filter(({ level }) => level >= WARN)
      .slice(-WARNINGS)
      .map(({ msg, error, err, round }) =>
        [round === undefined ? undefined : `round ${round}`, msg, error ?? err?.message]
          .filter((part) => part !== undefined)
          .join(": "),
      ),
    cause: last && last.level >= ERROR ? (last.err?.message ?? last.msg ?? null) : null,
  };
}

/** What the suites that were put say of themselves; of older runs, what the shipped ones do. */
function suitesOf(rounds: readonly RoundSummary[]): SuiteInfo[] {
  const put = new Set(rounds.flatMap(({ metrics }) => metrics.map(({ suite }) => suite)));
  return mergeSuites(...rounds.map(({ suites = [] }) => suites), shippedSuites).filter(({ name }) =>
    put.has(name),
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
