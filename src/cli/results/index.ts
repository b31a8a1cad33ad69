import { join } from "node:path";
import {
  disabled,
  doseResponse,
  floorsIn,
  floorWords,
  type Observation,
  type PooledRow,
  pooled,
} from "../../drift/index.js";
import { type Catalogue, shippedCatalogue } from "../../evaluation/index.js";
import type { Speak } from "../../report/index.js";
import type { Scenario } from "../../scenario/index.js";
import { casesBlock, casesOf } from "./cases.js";
import { honestyTable, verdictTable } from "./tables.js";

export { evalTable, plainTable } from "./tables.js";

export type Report = {
  folder: string;
  observations: readonly Observation[];
  /** Where the training rows came from: tables and figures say what their axis is. */
  scenario: Pick<Scenario, "source">;
  failed: readonly { label: string; error: string; log: string }[];
  /** Print one JSON object instead of tables. */
  json?: boolean;
};

/** Prints what came out on stdout, and on stderr what is missing from it. */
export async function report({ folder, observations, scenario, failed, json }: Report): Promise<void> {
  const rows = pooled(observations);
  const { casesPath, driftFile, writeWhole } = await import("../../runs/index.js");
  const { spokenFor } = await import("../../report/index.js");
  const speak = spokenFor(scenario);
  const catalogue = await catalogueFor(folder, rows);
  const drawn = await draw(folder, { observations, rows, speak, catalogue });
  const cases = rows.length === 0 ? null : await casesOf(folder);
  const files: Record<string, string> = { drift: driftFile(folder), ...drawn.files };
  if (cases) {
    files.cases = casesPath(folder);
    await writeWhole(files.cases, `${JSON.stringify(cases, null, 2)}\n`);
  }
  if (json) {
    print(
      JSON.stringify(
        { folder, files, floor: floorsIn(rows), pooled: rows, ...(cases ? { cases } : {}), failed },
        null,
        2,
      ),
    );
    return;
  }
  if (rows.length > 0) {
    for (const floor of disabled(floorsIn(rows))) print(`\n${floorWords(floor)}`);
    print(speak("\nHonesty in percent, by fraction of biased users and round, with 95 % intervals\n"));
    print(honestyTable(rows, speak, catalogue));
    print("\nBeside it, in percent\n");
    print(verdictTable(rows, speak, catalogue));
    if (cases) print(`\n${casesBlock(cases, speak)}`);
    for (const line of drawn.words) print(`\n${line}`);
  }
  print("");
  for (const [name, path] of Object.entries(files)) print(`${name.padEnd(14)} ${path}`);
  if (failed.length === 0) return;
  process.stderr.write(`\ncandor: ${failed.length} runs failed; the same command tries them again\n`);
  for (const { label, error, log } of failed)
    process.stderr.write(`candor: ${label}: ${error}; see ${log}\n`);
}

/** What the measured suites say of themselves; of suites that do not ship, as the folder has kept it. */
async function catalogueFor(folder: string, rows: readonly PooledRow[]): Promise<Catalogue> {
  const shipped = new Set(shippedCatalogue.suites.map(({ name }) => name));
  if (rows.every(({ suite }) => shipped.has(suite))) return shippedCatalogue;
  const { catalogueOfSource, readSource } = await import("../../report/index.js");
  return catalogueOfSource(await readSource(folder));
}

/** Draws what can be drawn; names the files and puts the threshold in words. */
async function draw(
  folder: string,
  {
    observations,
    rows,
    speak,
    catalogue,
  }: {
    observations: readonly Observation[];
    rows: readonly PooledRow[];
    speak: Speak;
    catalogue: Catalogue;
  },
): Promise<{ files: Record<string, string>; words: string[] }> {
  if (rows.length === 0) return { files: {}, words: [] };
  const { thresholdWords, writeCurves, writeDoseResponse } = await import("../../report/index.js");
  const files: Record<string, string> = { curves: join(folder, "curves.svg") };
  await writeCurves(rows, files.curves!, speak, catalogue);
  const honesty = observations.filter(({ metric }) => metric === "honesty");
  const blind = new Set(disabled(floorsIn(rows)).map(({ suite }) => suite));
  const doses = doseResponse(honesty).filter(
    ({ suite, subset, points, threshold }) =>
      subset === "all" && points.length > 1 && threshold && !blind.has(suite),
  );
  const words = doses.map((dose) => {
    const parts = doses.length === 1 ? [] : [dose.scenario, dose.method, dose.suite];
    const name = ["dose-response", ...parts].join("-").replace(/[^\w.=-]+/g, "-");
    files[name] = join(folder, `${name}.svg`);
    return [...parts, speak(thresholdWords(dose))].join(": ");
  });
  for (const [index, path] of Object.values(files).slice(1).entries())
    await writeDoseResponse(doses[index]!, path, speak);
  return { files, words };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
