import { existsSync } from "node:fs";
import type { Scenario } from "../scenario/index.js";
import { DamagedFile, type Within } from "./disk/index.js";
import { type RunPaths, runPaths } from "./layout.js";
import { adviceFor } from "./ledger.js";
import { openRound, type RoundFolder } from "./round-folder.js";

/** A run on disk. */
export type RunFolder = {
  folder: string;
  paths: RunPaths;
  round: (round: number) => RoundFolder;
  /** The round whose training made the assistant that there is after a round; 0 if none did. */
  trainedRound: (round: number) => Promise<number>;
  /** The adapter that the assistant has after a round; null while it is untrained. */
  checkpointAfter: (round: number) => Promise<string | null>;
  /** The adapter that the assistant has after a round, once it is sure that it is what was trained; null while it is untrained. Throws a DamagedFile if it is not. */
  verifiedCheckpointAfter: (round: number) => Promise<string | null>;
  /** Puts a finished file into its place that a kill had kept from it. Only for the holder of the lock. */
  recover: () => Promise<void>;
  /**
   * Throws a DamagedFile unless all rounds that are complete, and what is finished of the next one, are as they were finished.
   * Reads every byte of them.
   */
  verify: () => Promise<void>;
};

/**
 * Opens a run's folder to read and write in it; only the holder of its lock may write. `name` is the run's hash. What is
 * read once of what is finished is remembered.
 */
export function openRunFolder(
  folder: string,
  { scenario, hash, within }: { scenario: Scenario; hash: string; within?: Within },
): RunFolder {
  const paths = runPaths(folder);
  const rounds = new Map<number, RoundFolder>();
  const round = (number: number): RoundFolder => {
    const known = rounds.get(number) ?? openRound(paths, number, hash, within);
    rounds.set(number, known);
    return known;
  };
  const trainedRound = async (number: number): Promise<number> => {
    const last = number - (number % scenario.training.every);
    if (last === 0) return 0;
    return (await round(last).noOp.read())?.checkpoint ?? last;
  };
  const checkpointAfter = async (number: number): Promise<string | null> => {
    const trained = await trainedRound(number);
    return trained === 0 ? null : paths.checkpoint(trained);
  };
  return {
    folder,
    paths,
    round,
    trainedRound,
    checkpointAfter,
    verifiedCheckpointAfter: async (number) => {
      const trained = await trainedRound(number);
      if (trained > 0) await round(trained).verifyCheckpoint();
      return await checkpointAfter(number);
    },
    recover: async () => {
      for (let number = 0; number <= scenario.rounds; number += 1)
        if (!(await round(number).record())) return await round(number).recover();
    },
    verify: async () => {
      for (let number = 0; number <= scenario.rounds; number += 1) {
        if (!(await round(number).record()) && laterIsComplete(paths, number, scenario.rounds)) {
          // Another process may have completed both since the first was read.
          rounds.delete(number);
          if (!(await round(number).record())) throw gapAt(paths, number);
        }
        await round(number).verify();
        if (!(await round(number).record())) return;
      }
    },
  };
}

function laterIsComplete(paths: RunPaths, first: number, last: number): boolean {
  const later = Array.from({ length: last - first }, (_, at) => first + 1 + at);
  return later.some((number) => existsSync(paths.round(number).round));
}

/** A round is not complete and a later one is: the two would not belong together. */
function gapAt(paths: RunPaths, number: number): DamagedFile {
  const { folder, round } = paths.round(number);
  return new DamagedFile(round, "is missing, and a later round is complete", adviceFor(folder));
}
