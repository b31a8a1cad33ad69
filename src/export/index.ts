export { exportResults, type ResultFormat, resultFormats } from "./results.js";
