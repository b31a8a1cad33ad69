export { type Analysis, analyse } from "./analysis.js";
export { type CaseRow, compareCases, type OverSeeds } from "./cases.js";
export {
  type CurveRow,
  type Figure,
  type LinePoint,
  metricName,
  percent,
  type RunPoint,
  render,
  runsFigure,
  specOf,
  themed,
  themeVariables,
  thresholdWords,
  writeCurves,
  writeDoseResponse,
} from "./figures/index.js";
export { figuresOf } from "./figures-of.js";
export { findings } from "./findings.js";
export { bibtex, methodsParagraph } from "./methods.js";
export { showRun } from "./show.js";
export { catalogueOfSource, type ReportRun, type ReportSource, readSource } from "./source/read.js";
export { type Speak, spokenFor } from "./source/spoken.js";
export { type Summary, summary } from "./summary.js";
export { type ReportFiles, writeReport } from "./write.js";
