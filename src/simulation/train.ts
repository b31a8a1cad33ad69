import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { DpoRow, KtoRow, PreferenceData, SftRow } from "../preference/types.js";
import {
  checkpointAfter,
  keepGrowing,
  type RunPaths,
  readJson,
  readJsonl,
  readStandstill,
  standStill,
  trainedRound,
  writeJson,
} from "../runs/index.js";
import { settingsFor } from "../training/index.js";
import type { TrainingProgress, TrainingReport } from "../training/types.js";
import type { RunContext } from "./context.js";

export type Row = SftRow | KtoRow | DpoRow;

/**
 * Trains on the rows of all rounds since the last training; null in rounds without one. Where there are no rows (everybody
 * has left, nobody rated, a defence kept all back), the assistant stays as it is. What the trainer reports is
 * kept in its folder until the round is done, so that an interruption later in the round does not train again.
 */
export async function train(context: RunContext, round: number): Promise<TrainingReport | null> {
  const { scenario, paths, onEvent, signal } = context;
  const { method, external, start_from, every } = scenario.training;
  if (round % every !== 0) return null;
  // Other programs are told of both.
  const workdir = resolve(paths.training(round));
  const output = paths.checkpoint(round);
  const reportPath = join(workdir, "report.json");
  let report = existsSync(output) ? await readJson<TrainingReport>(reportPath) : undefined;
  // A refused checkpoint was trained all the same.
  if (readStandstill(paths, round)) return report ?? null;
  const checkpoint = trainedRound(context, paths, round - 1);
  const before = readStandstill(paths, round - every);
  if (before?.stopped) {
    await standStill(paths, round, { ...before, checkpoint });
    return null;
  }
  const rows = await rowsSince(paths, round - every + 1, round);
  if (rows.length === 0) {
    await standStill(paths, round, { checkpoint, why: "there was nothing to learn from" });
    context.log.warn({ round }, "nothing to learn from: the assistant stays as it is");
    return null;
  }
  await mkdir(workdir, { recursive: true });
  const data = { method, rows } as PreferenceData;
  await keepGrowing<TrainingProgress>(
    paths.round(round).training,
    ({ step }) => String(step),
    async (done, add) => {
      const steps = new Map([...done.values()].map((progress) => [progress.step, progress]));
      const inOrder = () => [...steps.values()].sort((a, b) => a.step - b.step);
      if (report) return inOrder();
      const writing: Promise<void>[] = [];
      report = await context.trainer({
        data,
        base: context.base,
        adapter: start_from === "previous" ? checkpointAfter(context, paths, round - 1) : null,
        settings: settingsFor(scenario.training, data, round),
        external,
        seed: `${scenario.seed}/round/${round}/training`,
        workdir,
        output,
        threads: context.threads,
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
      await writeJson(reportPath, report);
      return inOrder();
    },
  );
  if (!report)
    throw new Error(
      `${reportPath} is missing; delete ${paths.round(round).training} to train this round again`,
    );
  return report;
}

async function rowsSince(paths: RunPaths, first: number, last: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (let round = first; round <= last; round += 1) {
    for (const row of (await readJsonl<Row>(paths.round(round).preference)) ?? []) rows.push(row);
  }
  return rows;
}
