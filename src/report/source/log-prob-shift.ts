import { existsSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Interaction } from "../../interaction/types.js";
import { EmbeddedChatModel, embeddedFolder, releaseModel, resolveChatModel } from "../../models/index.js";
import type { Message } from "../../models/types.js";
import type { Row } from "../../preference/types.js";
import { shuffle, stream } from "../../random.js";
import { hashPath } from "../../resources/index.js";
import type { ReportRun } from "./read.js";

/** What a round of training did to the replies of one conversation that it learnt from. */
type TalkShift = {
  interaction: Interaction;
  /**
   * By how much the log-probability of its replies changed in the direction of the training: up where they are to be imitated,
   * down where they are to be avoided; with DPO of the chosen against the rejected. In nats, summed over its replies.
   */
  shift: number;
};

export type LogProbShifts = {
  /** The conversations with the largest shift, largest first. */
  largest: TalkShift[];
  /** Of each persona's conversations: how many were measured, and the mean shift. */
  personas: { persona: string; count: number; mean: number }[];
  /** Conversations that were learnt from; more than were measured where those were drawn. */
  learntFrom: number;
  measured: number;
};

/** Reading this many takes seconds with a small model. */
const MOST_MEASURED = 1_000;
/** Weights of a model with which that takes seconds, in bytes. */
const LARGEST = 32 * 2 ** 20;

/**
 * Asks the assistants before and after each round's training how likely they are to give the replies that it learnt from.
 * Undefined where that cannot be known or takes long: no embedded model, another one than the run's, or a large one.
 */
export async function logProbShifts(run: ReportRun, count: number): Promise<LogProbShifts | undefined> {
  const { scenario } = run.manifest;
  if (!(await isMeasurable(run))) return undefined;
  const talks = await learntFrom(run);
  const drawn = shuffle(stream(`report/log-prob-shift/${run.manifest.hash}`), talks).slice(0, MOST_MEASURED);
  const shifts: TalkShift[] = [];
  for (let round = 1; round <= scenario.rounds; round += 1) {
    const own = drawn.filter((talk) => talk.round === round);
    if (own.length === 0) continue;
    const before = await run.disk.checkpointAfter(round - 1);
    const after = await run.disk.checkpointAfter(round);
    if (before === after) continue;
    // People delete checkpoints, which are large; damaged ones are another matter.
    if ([before, after].some((folder) => folder !== null && !existsSync(folder))) return undefined;
    for (const at of [round - 1, round]) await run.disk.verifiedCheckpointAfter(at);
    const earlier = await logLikelihoods(run, before, own);
    const later = await logLikelihoods(run, after, own);
    for (const [index, { interaction }] of own.entries())
      shifts.push({ interaction, shift: later[index]! - earlier[index]! });
  }
  if (shifts.length === 0) return undefined;
  shifts.sort((a, b) => b.shift - a.shift || (a.interaction.id < b.interaction.id ? -1 : 1));
  return {
    largest: shifts.slice(0, count),
    personas: byPersona(shifts),
    learntFrom: talks.length,
    measured: shifts.length,
  };
}

async function isMeasurable({ manifest }: ReportRun): Promise<boolean> {
  const { assistant } = manifest.scenario.models;
  try {
    const folder = await embeddedFolder(assistant);
    if (!folder || statSync(join(folder, "model.safetensors")).size > LARGEST) return false;
    const name = `model ${typeof assistant === "string" ? assistant : assistant.model}`;
    return (await hashPath(folder)) === manifest.inputs[name];
  } catch {
    // A model that is not on this machine any more.
    return false;
  }
}

/** A conversation with the rows that the training of a round made of it. */
type Talk = { round: number; interaction: Interaction; rows: Row[] };

async function learntFrom({ disk, rounds, manifest }: ReportRun): Promise<Talk[]> {
  const { every } = manifest.scenario.training;
  const talks: Talk[] = [];
  for (const { round } of rounds) {
    const rows = new Map<string, Row[]>();
    for (const row of (await disk.round(round).preference.read()) ?? []) {
      // Replayed rows and rows of data files come from no conversation.
      rows.set(row.source.interaction, [...(rows.get(row.source.interaction) ?? []), row]);
    }
    // Rounds without training are learnt from in the next one with.
    const trained = Math.ceil(round / every) * every;
    for (const interaction of (await disk.round(round).interactions.read()) ?? []) {
      const own = rows.get(interaction.id);
      if (own) talks.push({ round: trained, interaction, rows: own });
    }
  }
  return talks;
}

async function logLikelihoods(
  { manifest }: ReportRun,
  adapter: string | null,
  talks: readonly Talk[],
): Promise<number[]> {
  const model = await resolveChatModel(manifest.scenario.models.assistant, {
    adapter,
    threads: availableParallelism(),
  });
  if (!(model instanceof EmbeddedChatModel)) throw new Error("an embedded model's name gave another model");
  const logProb = async (prompt: readonly Message[], [reply]: readonly Message[]): Promise<number> => {
    const [scored] = await model.scoreCompletions(prompt, [reply!.content]);
    return scored!.logprobs.reduce((sum, one) => sum + one, 0);
  };
  const ofRow = async (row: Row): Promise<number> => {
    if ("chosen" in row)
      return (await logProb(row.prompt, row.chosen)) - (await logProb(row.prompt, row.rejected));
    const sign = "label" in row && !row.label ? -1 : 1;
    return sign * (await logProb(row.prompt, row.completion));
  };
  try {
    return await Promise.all(
      talks.map(async ({ rows }) => (await Promise.all(rows.map(ofRow))).reduce((sum, one) => sum + one, 0)),
    );
  } finally {
    await releaseModel(model);
  }
}

function byPersona(all: readonly TalkShift[]): LogProbShifts["personas"] {
  const shifts = new Map<string, number[]>();
  for (const { interaction, shift } of all)
    shifts.set(interaction.persona, [...(shifts.get(interaction.persona) ?? []), shift]);
  return [...shifts]
    .map(([persona, own]) => ({
      persona,
      count: own.length,
      mean: own.reduce((sum, one) => sum + one, 0) / own.length,
    }))
    .sort((a, b) => (a.persona < b.persona ? -1 : 1));
}
