import { constants } from "node:fs";
import { access, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UserError } from "../errors.js";
import { makeWithParents } from "./disk/make-with-parents.js";

/** Where everything of a run stands. */
export type RunPaths = {
  folder: string;
  run: string;
  log: string;
  /** Tokens of every role. */
  usage: string;
  round: (round: number) => RoundPaths;
  /** The adapter after a round. */
  checkpoint: (round: number) => string;
  /** The trainer's own files in a round, deleted when the round is done. */
  training: (round: number) => string;
};

export type RoundPaths = {
  folder: string;
  population: string;
  interactions: string;
  preference: string;
  training: string;
  /** There in rounds that left the assistant as it was: which checkpoint it has, and why. */
  standstill: string;
  /** What a defence found out about conversations, where it has to ask models. */
  defence: (index: number, kind: string) => string;
  /** How many conversations and rows each defence let through. */
  defences: string;
  canary: string;
  probes: string;
  round: string;
};

export function runPaths(folder: string): RunPaths {
  const number = (round: number) => String(round).padStart(3, "0");
  return {
    folder,
    run: join(folder, "run.json"),
    log: join(folder, "run.log"),
    usage: join(folder, "usage.json"),
    round: (round) => {
      const at = join(folder, "rounds", number(round));
      return {
        folder: at,
        population: join(at, "population.jsonl"),
        interactions: join(at, "interactions.jsonl"),
        preference: join(at, "preference.jsonl"),
        training: join(at, "training.jsonl"),
        standstill: join(at, "standstill.json"),
        defence: (index, kind) => join(at, `defence-${index + 1}-${kind}.jsonl`),
        defences: join(at, "defences.json"),
        canary: join(at, "canary.jsonl"),
        probes: join(at, "probes.jsonl"),
        round: join(at, "round.json"),
      };
    },
    checkpoint: (round) => join(folder, "checkpoints", number(round)),
    training: (round) => join(folder, "training", number(round)),
  };
}

/** Makes a folder for results. Throws a UserError if it cannot be made or written. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeWithParents(resolve(folder));
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new UserError(
      `${folder}: cannot be made or written (${(error as Error).message}); choose another with --out`,
    );
  }
}

/** What `write-file-atomic` and the engine call a file until it is whole: the file's name and a number. */
const DRAFT = /\.(?:jsonl?|csv|svg|safetensors)\.\d+(?:\.tmp)?$/u;

/** Deletes the drafts that a killed process left in a folder. Only for the holder of its lock. */
export async function removeDrafts(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && DRAFT.test(entry.name))
      await rm(join(entry.parentPath, entry.name), { force: true });
  }
}
