export { type Analysis, analyse, analyseSource } from "./analysis.js";
export { hasLost } from "./beliefs.js";
export { besideCase } from "./beside-case.js";
export { type CaseRow, compareCases, type OverSeeds } from "./cases.js";
export { driftFigure } from "./drift-figure.js";
export {
  doseFigure,
  type Figure,
  type LinePoint,
  metricName,
  narrowed,
  type RunPoint,
  render,
  runsFigure,
  specOf,
  themed,
  themeVariables,
  thresholdWords,
  writeFigure,
} from "./figures/index.js";
export { figuresOf, seedsOf } from "./figures-of.js";
export { findings } from "./findings.js";
export { caveatsOfSource } from "./floors.js";
export { type FrontierRow, frontierOf } from "./frontier.js";
export {
  headlineLines,
  nextLines,
} from "./headline/index.js";
export { lossSection, sectionsOf } from "./loss-points.js";
export { type Measure, measureOf } from "./measure.js";
export { bibtex, methodsParagraph } from "./methods.js";
export { type Outcome, readOutcome } from "./outcome.js";
export { showRun } from "./show.js";
export { isBetween, leadingShares, moveOf, movesOf, scoresWords, verdictsWords } from "./source/moves.js";
export { catalogueOfSource, type ReportRun, type ReportSource, readSource } from "./source/read.js";
export { strayTables } from "./stray.js";
export { type Summary, summary } from "./summary.js";
export { type Terms, termsOf } from "./terms.js";
export { type ReportFiles, writeReport } from "./write.js";
