import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import {
  type Axes,
  type DriftRow,
  driftCsv,
  driftJson,
  estimateDrift,
  type Observation,
  observe,
  observeTalks,
  type RunFacts,
} from "../drift/index.js";
import { countDrawn } from "../population/index.js";
import { type Scenario, scenarioHash } from "../scenario/index.js";
import { writeWhole } from "../whole/index.js";
import { DamagedFile, hashFile, type Within } from "./disk/index.js";
import { readOutsideResults } from "./outside.js";
import { openRunFolder, type RunFolder } from "./run-folder.js";

/** Estimates drift curves and writes them to `drift.csv` and `drift.json` of a folder. */
export async function writeDrift(folder: string, observations: readonly Observation[]): Promise<DriftRow[]> {
  const rows = estimateDrift(observations);
  for (const { path, text } of driftFiles(folder, rows)) await writeWhole(path, text);
  return rows;
}

/** What stands of drift curves in a folder, for other programs. */
function driftFiles(folder: string, rows: readonly DriftRow[]): { path: string; text: string }[] {
  return [
    { path: driftFile(folder), text: driftCsv(rows) },
    { path: join(folder, "drift.json"), text: driftJson(rows) },
  ];
}

/**
 * Throws a DamagedFile where a folder's drift curves are not what its probes give; `again` is the command that writes them anew.
 * Returns the names of those that were looked at.
 */
export async function verifyDrift(
  folder: string,
  observations: readonly Observation[],
  again: string,
): Promise<string[]> {
  const there = driftFiles(folder, estimateDrift(observations)).filter(({ path }) => existsSync(path));
  for (const { path, text } of there) await requireText(path, text, again);
  return there.map(({ path }) => basename(path));
}

/** Throws a DamagedFile where a table that is made from a folder's results is not what they give. */
export async function requireText(path: string, text: string, again: string): Promise<void> {
  const found = await hashFile(path);
  const meant = createHash("sha256").update(text).digest("hex");
  if (found !== undefined && found.sha256 !== meant)
    throw new DamagedFile(path, NOT_GIVEN, `${again} writes it anew`);
}

/** Of a table that can be made again. */
export const NOT_GIVEN =
  "is not what the finished probes give: it was edited, or written before the last of them or by another version";

/** Where a run's or sweep's drift curves stand for other programs. */
export function driftFile(folder: string): string {
  return join(folder, "drift.csv");
}

export type ObservationsRequest = {
  scenario: Scenario;
  /** As `run.json` has it. */
  biased: number;
  /** The values that its sweep gave the run; none if absent. */
  axes?: Axes;
  /** Throw unless all rounds are complete. */
  complete?: boolean;
  within?: Within;
};

/**
 * Every probe of every evaluated round of a run, as observations. Throws a DamagedFile where something is not as it was
 * written.
 */
export async function readObservations(
  folder: string,
  { scenario, biased, axes = {}, complete = false, within }: ObservationsRequest,
): Promise<Observation[]> {
  const hash = scenarioHash(scenario);
  const run = openRunFolder(folder, { scenario, hash, within });
  const facts = await factsOf(run, { scenario, biased, axes });
  const observations: Observation[] = [];
  for (let number = 0; number <= scenario.rounds; number += 1) {
    const round = run.round(number);
    if (complete && !(await round.record()))
      throw new DamagedFile(
        round.paths.round,
        "is missing from a run that is done",
        `put it back, or delete ${folder} to play the run again`,
      );
    const told = (await round.record())?.targeting;
    if (told) observations.push(...observeTalks(facts, number, told));
    const results = await round.probes.read();
    if (results) for (const seen of observe(facts, number, results)) observations.push(seen);
    const outside = await readOutsideResults(round.paths.folder, within);
    observations.push(...observe(facts, number, outside));
  }
  return observations;
}

/** What all observations of a run have in common. */
export async function factsOf(
  run: RunFolder,
  { scenario, biased, axes = {} }: ObservationsRequest,
): Promise<RunFacts> {
  return {
    run: scenarioHash(scenario),
    scenario: scenario.name,
    axes,
    seed: scenario.seed,
    method: scenario.training.method,
    biased,
    biased_realized: await realizedBias(scenario, run, biased),
  };
}

/** The fraction of biased users, or of the data rows that the experiment is about, as it came. */
async function realizedBias(scenario: Scenario, run: RunFolder, biased: number): Promise<number> {
  const { source, rounds } = scenario;
  if (source === "interaction") return await drawnBias(scenario, run);
  // What real users are like nobody knows: all of their feedback is what the experiment is about.
  if (source.kind === "logs") return biased;
  if (biased === 0) return 0;
  let rows = 0;
  let studied = 0;
  for (let round = 1; round <= rounds; round += 1) {
    for (const row of (await run.round(round).preference.read()) ?? []) {
      rows += 1;
      if (source.kind === "direct" ? !row.source.replayed : row.source.added) studied += 1;
    }
  }
  return rows === 0 ? 0 : studied / rows;
}

/** The fraction of all users of the run that did hold it. */
async function drawnBias({ rounds }: Scenario, run: RunFolder): Promise<number> {
  let users = 0;
  let biased = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const drawn = countDrawn((await run.round(round).population.read()) ?? []);
    users += drawn.users.length;
    biased += drawn.biased;
  }
  return users === 0 ? 0 : biased / users;
}
