import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { analyseSource, type ReportSource } from "../report/index.js";
import { datasetCard } from "./card.js";
import { writeFigures } from "./figures.js";
import { methodsFiles } from "./methods.js";
import { tablesOf } from "./tables.js";
import { writeTables } from "./write-tables.js";
import { writeTexts } from "./write-texts.js";

/** Writes a folder to publish: tables as Parquet, figures, the scenario and a card. Returns the files. */
export async function writeDataset(source: ReportSource, out: string): Promise<string[]> {
  const tables = tablesOf(source.runs);
  const [data, figures] = [join(out, "data"), join(out, "figures")];
  mkdirSync(data);
  mkdirSync(figures);
  const { "references.bib": references } = methodsFiles(source);
  const texts = {
    "README.md": datasetCard(source, analyseSource(source), tables),
    "scenario.yaml": stringify(source.scenario),
    "references.bib": references!,
  };
  return [
    ...writeTexts(texts, out),
    ...(await writeTables(tables, "parquet", data)),
    ...(await writeFigures(source, figures, { drawn: true })),
  ];
}
