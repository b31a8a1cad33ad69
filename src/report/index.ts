export { type CurveRow, thresholdWords, writeCurves, writeDoseResponse } from "./figures/index.js";
