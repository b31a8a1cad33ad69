import { join, resolve } from "node:path";
import { reportPath, requireOutsideOfRuns } from "../runs/index.js";
import { makeWithParents, notWritten, requireWritable, writeWhole } from "../whole/index.js";
import { analyseSource } from "./analysis.js";
import { compareCases } from "./cases.js";
import { narrowed, render, specOf } from "./figures/index.js";
import { sectionsOf } from "./loss-points.js";
import { type DrawnSection, page } from "./page/page.js";
import { examplesOf } from "./source/examples.js";
import { type ReportRun, type ReportSource, readSource } from "./source/read.js";
import { strayTables } from "./stray.js";

export type ReportFiles = {
  report: string;
  figures: string[];
  /** What must be said of other files of the folder. */
  notes: string[];
};

/**
 * Writes a run's or sweep's report: `report.html`, one self-contained file, and `figures/` with each figure as SVG, as SVG
 * for a phone's column (`-narrow`), and as Vega-Lite with its data. Only reads the folder itself. Throws a UserError where there is nothing to report, or where
 * `out` cannot be written.
 */
export async function writeReport(folder: string, out: string = folder): Promise<ReportFiles> {
  if (resolve(out) !== resolve(folder)) requireOutsideOfRuns(out, { of: folder });
  const source = await readSource(folder);
  const analysis = analyseSource(source);
  // Drawing takes longest: what cannot be written is told before.
  await writing(out, () => makeWithParents(join(out, "figures")));
  await requireWritable(reportPath(out));
  const cases = compareCases(source);
  const sections: DrawnSection[] = [];
  for (const { figures, ...section } of await sectionsOf(source, analysis, cases)) {
    const drawn: DrawnSection["figures"] = [];
    for (const figure of figures) {
      const narrow = { ...narrowed(figure), name: `${figure.name}-narrow` };
      drawn.push({ figure, svg: await render(figure), narrow: await render(narrow) });
    }
    sections.push({ ...section, figures: drawn });
  }
  const text = page({ source, analysis, cases, sections, examples: await examplesOf(tellingRun(source)) });
  const report = reportPath(out);
  const figures = sections.flatMap((section) => section.figures);
  await writing(out, async () => {
    for (const { figure, svg, narrow } of figures) {
      await writeWhole(join(out, "figures", `${figure.name}.svg`), `${svg}\n`);
      await writeWhole(join(out, "figures", `${figure.name}-narrow.svg`), `${narrow}\n`);
      const spec = `${JSON.stringify(specOf(figure), null, 2)}\n`;
      await writeWhole(join(out, "figures", `${figure.name}.vl.json`), spec);
    }
    await writeWhole(report, text);
  });
  return {
    report,
    figures: figures.map(({ figure }) => join(out, "figures", `${figure.name}.svg`)),
    notes: await strayTables(source),
  };
}

async function writing(out: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw notWritten(out, error);
  }
}

/** The run that examples come from: most biased users, furthest, first seed. */
function tellingRun({ runs }: ReportSource): ReportRun {
  const bias = ({ observations }: ReportRun) => observations[0]?.biased ?? -1;
  const rank = (a: ReportRun, b: ReportRun) =>
    bias(b) - bias(a) || b.rounds.length - a.rounds.length || a.manifest.seed - b.manifest.seed;
  return [...runs].sort(rank)[0]!;
}
