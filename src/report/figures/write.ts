import { writeWhole } from "../../whole/index.js";
import { type Figure, render } from "./figure.js";

/** Draws a figure to an SVG file, whole or not at all. */
export async function writeFigure(figure: Figure, path: string): Promise<void> {
  await writeWhole(path, `${await render(figure)}\n`);
}
