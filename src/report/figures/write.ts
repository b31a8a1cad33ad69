import writeFileAtomic from "write-file-atomic";
import type { DoseResponse } from "../../drift/index.js";
import type { Catalogue } from "../../evaluation/index.js";
import type { Speak } from "../source/spoken.js";
import { curves } from "./curves.js";
import { doseFigure } from "./dose.js";
import { type Figure, render } from "./figure.js";
import type { CurveRow } from "./lines.js";

/** Draws drift curves to an SVG file, whole or not at all. Takes pooled rows, or the rows of a single run. */
export async function writeCurves(
  rows: readonly CurveRow[],
  path: string,
  speak: Speak,
  catalogue?: Catalogue,
): Promise<void> {
  await writeFigure(speak(curves(rows, catalogue)), path);
}

/** Draws a dose response with its threshold to an SVG file, whole or not at all. */
export async function writeDoseResponse(dose: DoseResponse, path: string, speak: Speak): Promise<void> {
  await writeFigure(speak(doseFigure(dose)), path);
}

export async function writeFigure(figure: Figure, path: string): Promise<void> {
  await writeFileAtomic(path, `${await render(figure)}\n`);
}
