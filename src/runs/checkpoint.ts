import { existsSync, readFileSync } from "node:fs";
import type { Scenario } from "../scenario/index.js";
import { type RunPaths, runPaths } from "./folder.js";
import { writeJson } from "./jsonl.js";

/** `standstill.json`: a round that was to train left the assistant with an earlier checkpoint. */
type Standstill = {
  /** The round whose checkpoint it has; 0 is the untrained assistant. */
  checkpoint: number;
  why: string;
  /** No later round trains either. */
  stopped?: true;
};

/** The adapter that the assistant has after a round; null while it is untrained. */
export function checkpointAfter(cast: { scenario: Scenario }, paths: RunPaths, round: number): string | null {
  const trained = trainedRound(cast, paths, round);
  return trained === 0 ? null : paths.checkpoint(trained);
}

/** The same by a run's folder. */
export function assistantAfter(folder: string, scenario: Scenario, round: number): string | null {
  return checkpointAfter({ scenario }, runPaths(folder), round);
}

/** The round whose training made the assistant that there is after a round; 0 if none did. */
export function trainedRound({ scenario }: { scenario: Scenario }, paths: RunPaths, round: number): number {
  const last = round - (round % scenario.training.every);
  if (last === 0) return 0;
  return readStandstill(paths, last)?.checkpoint ?? last;
}

/** What stands in a round's `standstill.json`; undefined where it trained. */
export function readStandstill(paths: RunPaths, round: number): Standstill | undefined {
  const path = paths.round(round).standstill;
  // Synchronous: it is a few bytes, and asked for where a path is put together.
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Standstill) : undefined;
}

/** Records that a round leaves the assistant with the checkpoint of an earlier one. */
export async function standStill(paths: RunPaths, round: number, standstill: Standstill): Promise<void> {
  await writeJson(paths.round(round).standstill, standstill);
}
