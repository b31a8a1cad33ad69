export { type CurveRow, thresholdWords, writeCurves, writeDoseResponse } from "./figures/index.js";
export { showRun } from "./show.js";
export { type ReportFiles, writeReport } from "./write.js";
