import { existsSync } from "node:fs";
import { basename } from "node:path";
import { csv, DRIFT_COLUMNS, type DriftRow, estimateDrift, observe } from "../drift/index.js";
import { scenarioHash } from "../scenario/index.js";
import { writeWhole } from "../whole/index.js";
import { factsOf, type ObservationsRequest, requireText } from "./drift.js";
import { runPaths } from "./layout.js";
import { openRunFolder } from "./run-folder.js";

type StepRow = DriftRow & { step: number; steps: number };

/** Writes the points within a run's rounds as a table beside its drift curves; nothing where none were taken. */
export async function writeWithin(folder: string, request: ObservationsRequest): Promise<void> {
  const text = await withinCsv(folder, request);
  if (text !== undefined) await writeWhole(runPaths(folder).within, text);
}

/** Throws a DamagedFile where that table is not what the probes give. Returns its name if it was looked at. */
export async function verifyWithin(
  folder: string,
  request: ObservationsRequest,
  again: string,
): Promise<string[]> {
  const path = runPaths(folder).within;
  const text = existsSync(path) ? await withinCsv(folder, request) : undefined;
  if (text === undefined) return [];
  await requireText(path, text, again);
  return [basename(path)];
}

async function withinCsv(folder: string, request: ObservationsRequest): Promise<string | undefined> {
  const { scenario, within } = request;
  if (scenario.training.save_steps === undefined) return undefined;
  const run = openRunFolder(folder, { scenario, hash: scenarioHash(scenario), within });
  const facts = await factsOf(run, request);
  const rows: StepRow[] = [];
  for (let number = 1; number <= scenario.rounds; number += 1) {
    const round = run.round(number);
    const points = (await round.record())?.within ?? [];
    const results = (await round.within.read()) ?? [];
    for (const { step, steps } of points) {
      const seen = observe(
        facts,
        number,
        results.filter((one) => one.step === step),
      );
      for (const row of estimateDrift(seen)) rows.push({ ...row, step, steps });
    }
  }
  const at = DRIFT_COLUMNS.indexOf("round") + 1;
  const columns = [...DRIFT_COLUMNS.slice(0, at), "step", "steps", ...DRIFT_COLUMNS.slice(at)] as const;
  return csv(columns, rows);
}
