import { analyseSource, type ReportSource, render, sectionsOf, specOf } from "../report/index.js";
import { warningsOf, warningWords } from "./warnings.js";
import { writeTexts } from "./write-texts.js";

/** Writes every figure of the report as a Vega-Lite specification with its data, and returns the files. */
export async function writeVega(source: ReportSource, out: string): Promise<string[]> {
  return await writeFigures(source, out, { drawn: false });
}

/** Writes every figure of the report as its specification and, `drawn`, as SVG beside it. Returns the files. */
export async function writeFigures(
  source: ReportSource,
  out: string,
  { drawn }: { drawn: boolean },
): Promise<string[]> {
  const files: Record<string, string> = {};
  const sections = await sectionsOf(source, analyseSource(source));
  for (const figure of sections.flatMap(({ figures }) => figures)) {
    files[`${figure.name}.vl.json`] = `${JSON.stringify(warned(specOf(figure), source), null, 2)}\n`;
    if (drawn) files[`${figure.name}.svg`] = `${await render(figure)}\n`;
  }
  return writeTexts(files, out);
}

/** A specification that says of itself what must be known of its numbers, to people and to programs. */
function warned<S extends { description?: unknown }>(spec: S, source: ReportSource): object {
  const words = warningWords(source);
  if (words.length === 0) return spec;
  const description = [spec.description ?? "", ...words].join(" ").trim();
  const runs = source.runs.map((run) => ({ run: run.manifest.hash, warnings: warningsOf(run) }));
  return { ...spec, description, usermeta: { candor: { warnings: words, runs } } };
}
