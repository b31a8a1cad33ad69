export { type CurveRow, writeCurves, writeDoseResponse } from "./figures/index.js";
