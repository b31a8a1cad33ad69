export { cellIn, cellKey, type Grid, gridOf, isCell } from "./cell.js";
export {
  type Contrast,
  type ContrastOptions,
  contrasts,
  OWN_VARIANCE_FROM,
  type Reference,
} from "./contrast.js";
export { holm } from "./correction.js";
export { type Decomposition, decompose } from "./decompose.js";
export { type DoseOptions, type DosePoint, type DoseResponse, doseResponse } from "./dose.js";
export { estimateDrift } from "./estimate.js";
export { csv, DRIFT_COLUMNS, driftCsv, driftJson } from "./export.js";
export { disabled, type Floor, floorsIn, floorsOf, floorWords } from "./floor.js";
export { axesText } from "./groups.js";
export { againstMargin, judge, type Margin, notExcluded } from "./judge.js";
export { observe, type RunFacts } from "./observe.js";
export { changeFrom, changeFromBase, changeFromZero, type PoolOptions, pooled, toControl } from "./pooled.js";
export {
  type Components,
  components,
  type PowerOptions,
  powerOf,
  seedsNeeded,
  smallestEffect,
} from "./power.js";
export { meanOverSeeds } from "./seeds.js";
export type { Threshold } from "./threshold.js";
export type * from "./types.js";
