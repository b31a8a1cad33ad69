import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { makeWithParents, notWritten } from "../whole/index.js";

/** Where everything of a run stands. */
export type RunPaths = {
  folder: string;
  run: string;
  log: string;
  /** Tokens of every role. */
  usage: string;
  /** Drift curves, for other programs. */
  drift: string;
  round: (round: number) => RoundPaths;
  /** The adapter after a round. */
  checkpoint: (round: number) => string;
  /** The trainer's own files in a round, deleted when the round is done. */
  training: (round: number) => string;
  /** The adapter after a step of a round's training, deleted with those. */
  step: (round: number, step: number) => string;
  /** Points within rounds, for other programs. */
  within: string;
};

export type RoundPaths = {
  folder: string;
  population: string;
  interactions: string;
  preference: string;
  training: string;
  /** There in rounds that left the assistant as it was: which checkpoint it has, and why. */
  noOp: string;
  /** What a defence found out about conversations, where it has to ask models. */
  defence: (index: number, kind: string) => string;
  /** How many conversations and rows each defence let through. */
  defences: string;
  canary: string;
  /** Of round 0: what a look into the untrained model found, which later rounds are measured by. */
  disposition: string;
  /** Probes put to the model within its training. */
  within: string;
  probes: string;
  /** Until the round is complete: what is finished of it. */
  sealed: string;
  round: string;
};

export function runPaths(folder: string): RunPaths {
  const number = (round: number) => String(round).padStart(3, "0");
  return {
    folder,
    run: join(folder, "run.json"),
    log: join(folder, "run.log"),
    usage: join(folder, "usage.json"),
    drift: join(folder, "drift.csv"),
    round: (round) => {
      const at = join(folder, "rounds", number(round));
      return {
        folder: at,
        population: join(at, "population.jsonl"),
        interactions: join(at, "interactions.jsonl"),
        preference: join(at, "preference.jsonl"),
        training: join(at, "training.jsonl"),
        noOp: join(at, "no-op.json"),
        defence: (index, kind) => join(at, `defence-${index + 1}-${kind.replace(/[^\w-]+/gu, "-")}.jsonl`),
        defences: join(at, "defences.json"),
        canary: join(at, "canary.jsonl"),
        disposition: join(at, "disposition.json"),
        within: join(at, "within.jsonl"),
        probes: join(at, "probes.jsonl"),
        sealed: join(at, "sealed.json"),
        round: join(at, "round.json"),
      };
    },
    checkpoint: (round) => join(folder, "checkpoints", number(round)),
    training: (round) => join(folder, "training", number(round)),
    step: (round, step) => join(folder, "training", number(round), "steps", String(step)),
    within: join(folder, "within.csv"),
  };
}

/** What a finished part of a round is called. */
const FINISHED =
  /^(?:(?:population|interactions|preference|training|canary|within|probes|defence-\d+-[\w-]+)\.jsonl|(?:no-op|defences|disposition)\.json)$/u;

/** Whether a file's name is that of a finished part of a round. */
export function isFinished(name: string): boolean {
  return FINISHED.test(name);
}

/** While results come one by one they stand in a file of another name. */
export function partialOf(path: string): string {
  return path.replace(/\.jsonl$/u, ".partial.jsonl");
}

/** Makes a folder for results. Throws a UserError if it cannot be made or written. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeWithParents(resolve(folder));
    await access(folder, constants.W_OK);
  } catch (error) {
    throw notWritten(folder, error, { cannot: "be made or written" });
  }
}
