import { analyseSource, type ReportSource, render, sectionsOf, specOf } from "../report/index.js";
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
    files[`${figure.name}.vl.json`] = `${JSON.stringify(specOf(figure), null, 2)}\n`;
    if (drawn) files[`${figure.name}.svg`] = `${await render(figure)}\n`;
  }
  return writeTexts(files, out);
}
