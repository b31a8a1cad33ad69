import { join } from "node:path";
import { asCalled, typed } from "../../called.js";
import { gridOf, type Observation } from "../../drift/index.js";
import { counted } from "../../numbers.js";
import type { Outcome } from "../../report/index.js";
import { say, tell } from "../say.js";
import { casesBlock } from "./cases.js";
import { frontierBlock } from "./frontier.js";
import { besideWords, honestyTable, measureWords, verdictTable } from "./tables.js";

export { plainTable } from "./tables.js";

export type Report = {
  folder: string;
  observations: readonly Observation[];
  failed: readonly { label: string; error: string; log: string }[];
  /** Print one JSON object instead of tables. */
  json?: boolean;
};

/** Prints what came out on stdout, and on stderr what is missing from it. */
export async function report({ folder, observations, failed, json }: Report): Promise<void> {
  const { driftFile } = await import("../../runs/index.js");
  const files: Record<string, string> = { drift: driftFile(folder) };
  if (observations.length > 0) {
    const { readOutcome } = await import("../../report/index.js");
    const outcome = await readOutcome(folder);
    Object.assign(files, await draw(folder, outcome));
    if (json) return print(JSON.stringify(asJson(folder, outcome, files, failed), null, 2));
    await printOutcome(outcome);
  } else if (json) {
    return print(JSON.stringify({ folder, files, floor: [], pooled: [], headline: null, failed }, null, 2));
  }
  print("");
  for (const [name, path] of Object.entries(files)) print(`${name.padEnd(14)} ${path}`);
  if (failed.length > 0) {
    tell(
      `\ncandor: ${counted(failed.length, "run")} failed; the same command tries ${failed.length === 1 ? "it" : "them"} again\n`,
    );
    for (const { label, error, log } of failed) tell(`candor: ${label}: ${error}; see ${log}\n`);
  }
}

/** The headline first, then what it rests on, then the commands that lead on. */
async function printOutcome({ analysis, cases, frontier, headline, terms }: Outcome): Promise<void> {
  const { headlineLines, nextLines, thresholdWords } = await import("../../report/index.js");
  const { pooled: rows, catalogue, doses } = analysis;
  print(`\n${headlineLines(headline).map(typed).join("\n")}`);
  print(
    `\n${measureWords(catalogue, analysis)} in percent, by share of ${terms.units} and round, with 95 % intervals\n`,
  );
  print(honestyTable(analysis, terms));
  print(`\n${besideWords(rows, catalogue)}\n`);
  print(verdictTable(analysis, terms));
  if (cases) print(`\n${casesBlock(cases, terms)}`);
  if (frontier) print(`\n${frontierBlock(frontier, terms)}`);
  for (const dose of doses)
    print(`\n${[...partsOf(dose, doses), thresholdWords(dose, terms, catalogue)].join(": ")}`);
  print(`\nNext\n${nextLines(headline).map(asCalled).join("\n")}`);
}

function asJson(
  folder: string,
  { analysis, cases, frontier, headline }: Outcome,
  files: object,
  failed: Report["failed"],
) {
  const { floor, pooled, fromZero, fromBase } = analysis;
  return {
    folder,
    files,
    headline,
    floor,
    pooled,
    from_zero: fromZero,
    from_base: fromBase,
    ...(cases ? { cases } : {}),
    ...(frontier ? { frontier } : {}),
    failed,
  };
}

type Dose = Outcome["analysis"]["doses"][number];

/** What tells a dose response from the others. */
function partsOf(dose: Dose, all: readonly Dose[]): string[] {
  return all.length === 1
    ? []
    : [gridOf(all.map((one) => ({ ...one, biased: 0 }))).name(dose), dose.method, dose.suite];
}

/** Draws what can be drawn, and names the files. */
async function draw(
  folder: string,
  { source, analysis, cases, terms }: Outcome,
): Promise<Record<string, string>> {
  const { doseFigure, driftFigure, seedsOf, writeFigure } = await import("../../report/index.js");
  const files: Record<string, string> = { curves: join(folder, "curves.svg") };
  await writeFigure(driftFigure(source, analysis), files.curves!);
  const grid = gridOf(analysis.pooled);
  for (const dose of analysis.doses) {
    const name = ["dose-response", ...partsOf(dose, analysis.doses)].join("-").replace(/[^\w.=-]+/g, "-");
    files[name] = join(folder, `${name}.svg`);
    await writeFigure(doseFigure(dose, terms, { seeds: seedsOf(source, dose, grid) }), files[name]);
  }
  if (cases) {
    const [{ casesPath }, { writeWhole }] = await Promise.all([
      import("../../runs/index.js"),
      import("../../whole/index.js"),
    ]);
    files.cases = casesPath(folder);
    await writeWhole(files.cases, `${JSON.stringify(cases, null, 2)}\n`);
  }
  return files;
}

function print(text: string): void {
  say(`${text}\n`);
}
