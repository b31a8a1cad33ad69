export { beliefBesideHonesty, curves } from "./curves.js";
export { doseFigure, thresholdWords } from "./dose.js";
export { type Figure, render, specOf } from "./figure.js";
export type { CurveRow } from "./lines.js";
export { writeCurves, writeDoseResponse, writeFigure } from "./write.js";
