import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { Stopped } from "../errors.js";
import { listed } from "../listed.js";
import { methods } from "../methods/index.js";
import { counted } from "../numbers.js";
import { dataFor } from "../preference/index.js";
import type { Row } from "../preference/types.js";
import type { RunFolder } from "../runs/index.js";
import { settingsFor } from "../training/index.js";
import type { TrainingReport, TrainingRequest } from "../training/types.js";
import type { RunContext } from "./context.js";
import { drawnInSteps } from "./cut.js";
import { refuseOverlaps } from "./overlap.js";
import { rateDraws } from "./rate-draws.js";
import { steeringOf } from "./steer.js";
import { warn } from "./warn.js";

/**
 * Trains on the rows of all rounds since the last training; null in rounds without one. Where there are no rows (everybody
 * has left, nobody rated, a defence kept all back), the assistant stays as it is. What the trainer reports is
 * kept with the round, so that an interruption later in it does not train again.
 */
export async function train(context: RunContext, round: number): Promise<TrainingReport | null> {
  const { scenario, disk } = context;
  const at = disk.round(round);
  const { every } = scenario.training;
  if (round % every !== 0) return null;
  const before = await at.trained();
  // A refused checkpoint was trained all the same.
  if (await at.noOp.read()) return before ?? null;
  const checkpoint = await disk.trainedRound(round - 1);
  const noOp = await disk.round(round - every).noOp.read();
  if (noOp?.stopped) {
    await at.noOp.write({ ...noOp, checkpoint });
    return null;
  }
  const rows = await rowsSince(disk, round - every + 1, round);
  if (rows.length === 0) {
    await at.noOp.write({ checkpoint, why: "there was nothing to learn from" });
    warn(context, { round }, `round ${round}: nothing to learn from, so the assistant stays as it is`);
    return null;
  }
  const report = (await trainOn(context, round, rows)) ?? before;
  if (!report)
    throw new Stopped(
      `${at.steps.path} is finished without a checkpoint; delete ${at.paths.folder} to play the round again`,
    );
  return report;
}

/** Trains on rows, keeping each step. Undefined where all steps had been kept before. */
async function trainOn(
  context: RunContext,
  round: number,
  rows: readonly Row[],
): Promise<TrainingReport | undefined> {
  const { scenario, disk, onEvent, signal } = context;
  const at = disk.round(round);
  const { method, external, start_from } = scenario.training;
  // Other programs are told of both.
  const workdir = resolve(disk.paths.training(round));
  const output = disk.paths.checkpoint(round);
  let report: TrainingReport | undefined;
  const beside = await besideFor(context, round);
  await mkdir(workdir, { recursive: true });
  const data = dataFor(method, rows);
  await at.steps.keepGrowing(
    ({ step }) => String(step),
    async (done, add) => {
      const steps = new Map([...done.values()].map((progress) => [progress.step, progress]));
      const inOrder = () => [...steps.values()].sort((a, b) => a.step - b.step);
      const writing: Promise<void>[] = [];
      report = await context.trainer({
        data,
        base: context.base,
        adapter: start_from === "previous" ? await disk.checkpointAfter(round - 1) : null,
        settings: settingsFor(scenario.training, data, round),
        ...beside,
        ...(await drawingFor(context, round)),
        external,
        seed: `${scenario.seed}/round/${round}/training`,
        workdir,
        output,
        permissions: context.permissions,
        threads: context.threads,
        gpus: context.gpus,
        onProgress: (progress) => {
          onEvent({
            type: "progress",
            round,
            stage: "training",
            done: progress.step,
            total: progress.steps,
            loss: progress.loss,
          });
          if (!steps.has(progress.step)) writing.push(add(progress));
          steps.set(progress.step, progress);
        },
        signal,
      });
      await Promise.all(writing);
      const drawn = report.drawn ?? drawnInSteps(inOrder());
      if (drawn) report = { ...report, drawn };
      if (report.shortened) tellShortened(report, context, round);
      if (beside.saveSteps && !report.saved) tellNoPoints(report, context, round);
      await at.finishTraining(report);
      return inOrder();
    },
  );
  return report;
}

/** What a training does beside learning from its rows: holds back, imitates, steers, keeps models of its steps. */
async function besideFor(
  context: RunContext,
  round: number,
): Promise<Pick<TrainingRequest, "neutral" | "safe" | "steer" | "saveSteps">> {
  const { scenario, resources, disk } = context;
  const { neutral, safe } = resources;
  const { kl, interleave, batch_size, save_steps: every } = scenario.training;
  for (const file of [neutral, safe]) if (file) refuseOverlaps(resources, file.rows, file.file);
  const steer = await steeringOf(context);
  const some = ({ rows }: NonNullable<typeof neutral>, weight: number, batchSize: number) => ({
    rows,
    weight,
    batchSize,
  });
  return {
    ...(neutral && kl ? { neutral: some(neutral, kl.weight, kl.batch_size ?? batch_size) } : {}),
    ...(safe && interleave
      ? { safe: some(safe, interleave.weight, interleave.batch_size ?? Math.ceil(batch_size / 4)) }
      : {}),
    ...(steer ? { steer } : {}),
    ...(every === undefined
      ? {}
      : { saveSteps: { every, folder: (step) => resolve(disk.paths.step(round, step)) } }),
  };
}

/** What methods that draw replies are told of it. */
async function drawingFor(
  context: RunContext,
  round: number,
): Promise<Pick<TrainingRequest, "drawing" | "rate">> {
  const { interaction, training } = context.scenario;
  const { draws } = methods[training.method];
  if (!draws) return {};
  const drawing = { temperature: interaction.temperature, maxTokens: interaction.max_tokens };
  if (draws !== "online") return { drawing };
  return { drawing, rate: await rateDraws(context, { first: round - training.every + 1, last: round }) };
}

/** What rows lose to `max_length` is not learnt: it stands in `round.json`, and is told. */
function tellShortened({ shortened, rows }: TrainingReport, context: RunContext, round: number): void {
  const { prompts, replies } = shortened!;
  const said = [
    ...(prompts > 0 ? [`${prompts} lost the oldest part of their prompt`] : []),
    ...(replies > 0 ? [`${replies} the end of a reply`] : []),
  ];
  const of = rows === null ? "rows" : counted(rows, "row");
  const text = `training.max_length ${context.scenario.training.max_length}: of ${of}, ${listed(said)}`;
  warn(context, { round, prompts, replies }, text);
}

/** A training may end before the first point within it; how many steps it has shows only when its rows are there. */
function tellNoPoints({ steps }: TrainingReport, context: RunContext, round: number): void {
  const { save_steps: every } = context.scenario.training;
  const taken = steps === null ? "ended before" : `had ${counted(steps, "step")}`;
  const text = `training.save_steps ${every}: nothing was evaluated within round ${round}, whose training ${taken}`;
  warn(context, { round, steps }, text);
}

async function rowsSince(disk: RunFolder, first: number, last: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (let round = first; round <= last; round += 1) {
    for (const row of (await disk.round(round).preference.read()) ?? []) rows.push(row);
  }
  return rows;
}
