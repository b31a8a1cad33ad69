import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { meanBiasedFraction } from "../../src/population/index.js";
import { studiedShare } from "../../src/preference/index.js";
import { jsonText } from "../../src/runs/disk/index.js";
import {
  isFinished,
  type RoundSummary,
  type RunManifest,
  type RunPaths,
  runPaths,
  type SweepCell,
} from "../../src/runs/index.js";
import { type Scenario, scenarioHash } from "../../src/scenario/index.js";

// Folders of runs that nobody played, as candor would have written them.

/** The values of a file of JSON lines; undefined where there is none. */
export function readJsonl<T>(path: string): T[] | undefined {
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as T);
}

/** Writes a file of JSON that says of itself what it holds. As candor does: whoever reads meanwhile finds it whole or not. */
export function writeChecked(path: string, value: object): void {
  writeFileSync(`${path}.aside`, jsonText(value));
  renameSync(`${path}.aside`, path);
}

/** Changes a file of JSON so that nobody can tell. */
export function changeChecked<T extends object>(path: string, change: (value: T) => object): void {
  const { check: _check, ...value } = JSON.parse(readFileSync(path, "utf8"));
  writeChecked(path, change(value as T));
}

export function writeManifest(
  folder: string,
  scenario: Scenario,
  more: Partial<Pick<RunManifest, "status" | "inputs" | "candor" | "biased">> = {},
): void {
  mkdirSync(folder, { recursive: true });
  const { status = "done", inputs = {}, candor = "0.1.0", biased = biasedOf(scenario) } = more;
  writeChecked(runPaths(folder).run, {
    schema: 2,
    status,
    scenario,
    seed: scenario.seed,
    hash: scenarioHash(scenario),
    candor,
    node: "v20.20.2",
    inputs,
    biased,
  } satisfies RunManifest);
}

/** As the shipped personas are. */
function biasedOf({ source, population, rounds }: Scenario): number {
  if (source !== "interaction") return studiedShare(source);
  return meanBiasedFraction(population.personas, { biased: { thought: "biased" } }, rounds);
}

/** Makes a round complete whose files are there. */
export function completeRound(paths: RunPaths, summary: RoundSummary): void {
  const { folder, round, sealed } = paths.round(summary.round);
  const files = sealsIn(folder);
  rmSync(sealed, { force: true });
  const trained = paths.checkpoint(summary.round);
  const checkpoint = existsSync(trained)
    ? Object.fromEntries(readdirSync(trained).map((name) => [name, sealOf(join(trained, name)).sha256]))
    : null;
  writeChecked(round, { ...summary, files, checkpoint });
}

/** Vouches for the files that are there of a round that is not complete. */
export function finishFiles(paths: RunPaths, round: number): void {
  const { folder, sealed } = paths.round(round);
  writeChecked(sealed, { files: sealsIn(folder) });
}

/** Changes the lines of a finished file of a complete round, so that nobody can tell. */
export function changeLines(
  paths: RunPaths,
  round: number,
  name: "interactions" | "probes",
  change: (value: Record<string, unknown>) => object,
): void {
  const { folder, round: record, [name]: path } = paths.round(round);
  const values = readJsonl<Record<string, unknown>>(path)!;
  writeFileSync(path, values.map((value) => `${JSON.stringify(change(value))}\n`).join(""));
  changeChecked(record, (fields) => ({ ...fields, files: sealsIn(folder) }));
}

function sealsIn(folder: string): Record<string, ReturnType<typeof sealOf>> {
  const names = readdirSync(folder).filter(isFinished);
  return Object.fromEntries(names.map((name) => [name, sealOf(join(folder, name))]));
}

function sealOf(path: string): { lines: number; sha256: string } {
  const bytes = readFileSync(path);
  return {
    lines: bytes.filter((byte) => byte === 10).length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };
}

export function writeSweepManifest(
  folder: string,
  scenario: Scenario,
  cells: readonly Omit<SweepCell, "folder">[],
): void {
  mkdirSync(folder, { recursive: true });
  writeChecked(join(folder, "sweep.json"), {
    schema: 2,
    scenario,
    scenario_file: "scenario.yaml",
    cells: cells.map((cell) => ({ ...cell, folder: `cells/${cell.hash}` })),
  });
}

/** Makes all rounds complete in which nothing was measured. */
export function emptyRounds(folder: string, { rounds }: Scenario): void {
  const paths = runPaths(folder);
  for (let round = 0; round <= rounds; round += 1) {
    mkdirSync(paths.round(round).folder, { recursive: true });
    completeRound(paths, {
      round,
      users: {},
      interactions: { count: 0, unusable: 0, unrated: 0, mean_reward: null },
      rows: 0,
      training: null,
      metrics: [],
      seconds: { total: 1 },
    });
  }
}
