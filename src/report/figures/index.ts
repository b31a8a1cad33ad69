export { caseLines } from "./curves.js";
export { doseFigure, thresholdWords } from "./dose.js";
export { type Datum, type Figure, render, specOf } from "./figure.js";
export type { CurveRow } from "./lines.js";
export { narrowed } from "./narrow.js";
export { themed, themeVariables } from "./palette.js";
export { runsFigure } from "./runs.js";
export type { LinePoint, RunPoint } from "./runs-layout.js";
export {
  counted,
  metricName,
  number,
  percent,
  pointsOf,
  share,
  signed,
  signedRange,
  withRange,
} from "./words.js";
export { writeFigure } from "./write.js";
