export { effectFigure, satisfiedFigure } from "./cases.js";
export { comparisonFigure } from "./comparison.js";
export { beliefBesideHonesty, caseLines } from "./curves.js";
export { decompositionFigure } from "./decomposition.js";
export { doseFigure, type SeedPoint, thresholdWords } from "./dose.js";
export { type Datum, type Figure, render, specOf } from "./figure.js";
export type { CurveRow } from "./lines.js";
export { narrowed } from "./narrow.js";
export { themed, themeVariables } from "./palette.js";
export { type PopulationPoint, populationFigure } from "./population.js";
export { runsFigure } from "./runs.js";
export type { LinePoint, RunPoint } from "./runs-layout.js";
export { type SatisfactionPoint, satisfactionFigure } from "./satisfaction.js";
export { subsetsFigure } from "./subsets.js";
export { verdictsFigure } from "./verdicts.js";
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
