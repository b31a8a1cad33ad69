import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { stringify } from "yaml";
import {
  type Analysis,
  analyseSource,
  figuresOf,
  type ReportSource,
  readSource,
  render,
  specOf,
} from "../report/index.js";
import { wholeFolder } from "../whole/index.js";
import { datasetCard } from "./card.js";
import { writeCheckpoint } from "./checkpoint.js";
import { writeInspectLogs } from "./inspect.js";
import { methodsFiles } from "./methods.js";
import { writeParquet } from "./parquet.js";
import type { Table } from "./table.js";
import { tablesOf } from "./tables.js";
import { writeTensorBoard } from "./tensorboard.js";
import { writeCsv, writeJsonLines } from "./text.js";

/** What results can be written as. */
const resultFormats = [
  "csv",
  "jsonl",
  "parquet",
  "vega",
  "bibtex",
  "dataset",
  "inspect",
  "tensorboard",
  "peft",
] as const;
export type ResultFormat = (typeof resultFormats)[number];

const WRITERS = { csv: writeCsv, jsonl: writeJsonLines, parquet: writeParquet } as const;

/**
 * Writes a run's or sweep's results into a folder that is new or empty: its tables (csv, jsonl, parquet), its figures
 * (vega), a methods paragraph (bibtex), all of it as a data set with a card, each evaluation as a log of Inspect's, curves for TensorBoard, or a
 * run's last checkpoint with a card (peft). Returns the files. Throws a UserError where
 * there is nothing to write, or nowhere to write it.
 */
export async function exportResults(folder: string, format: ResultFormat, out: string): Promise<string[]> {
  const source = await readSource(folder);
  return await wholeFolder(out, async (draft) => {
    const paths = await write(source, format, draft);
    return paths.map((path) => join(out, relative(draft, path)));
  });
}

async function write(source: ReportSource, format: ResultFormat, out: string): Promise<string[]> {
  switch (format) {
    case "csv":
    case "jsonl":
    case "parquet":
      return await writeTables(tablesOf(source.runs), format, out);
    case "vega":
      return await writeFigures(source, analysisOf(source), out, false);
    case "bibtex":
      return writeTexts(methodsFiles(source), out);
    case "dataset":
      return await writeDataset(source, out);
    case "inspect":
      return await writeInspectLogs(source.runs, out);
    case "tensorboard":
      return await writeTensorBoard(source.runs, out);
    case "peft":
      return await writeCheckpoint(source, out);
  }
}

async function writeDataset(source: ReportSource, out: string): Promise<string[]> {
  const tables = tablesOf(source.runs);
  const analysis = analysisOf(source);
  const [data, figures] = [join(out, "data"), join(out, "figures")];
  mkdirSync(data);
  mkdirSync(figures);
  const { "references.bib": references } = methodsFiles(source);
  return [
    ...writeTexts(
      {
        "README.md": datasetCard(source, analysis, tables),
        "scenario.yaml": stringify(source.scenario),
        "references.bib": references!,
      },
      out,
    ),
    ...(await writeTables(tables, "parquet", data)),
    ...(await writeFigures(source, analysis, figures, true)),
  ];
}

async function writeTables(
  tables: readonly Table[],
  format: keyof typeof WRITERS,
  out: string,
): Promise<string[]> {
  const paths: string[] = [];
  for (const table of tables) {
    const path = join(out, `${table.name}.${format}`);
    await WRITERS[format](table, path);
    paths.push(path);
  }
  return paths;
}

async function writeFigures(
  source: ReportSource,
  analysis: Analysis,
  out: string,
  drawn: boolean,
): Promise<string[]> {
  const files: Record<string, string> = {};
  for (const figure of figuresOf(source, analysis).flatMap(({ figures }) => figures)) {
    files[`${figure.name}.vl.json`] = `${JSON.stringify(specOf(figure), null, 2)}\n`;
    if (drawn) files[`${figure.name}.svg`] = `${await render(figure)}\n`;
  }
  return writeTexts(files, out);
}

function writeTexts(files: Readonly<Record<string, string>>, out: string): string[] {
  return Object.entries(files).map(([name, text]) => {
    const path = join(out, name);
    writeFileSync(path, text);
    return path;
  });
}

function analysisOf(source: ReportSource): Analysis {
  return analyseSource(source);
}
