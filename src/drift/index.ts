export { rangesAbout } from "./about.js";
export { cellIn, cellKey, type Grid, gridOf, isCell } from "./cell.js";
export {
  type Contrast,
  contrasts,
} from "./contrast.js";
export { holm } from "./correction.js";
export { type Decomposition, decompose, decomposeFirst, partsOfFirst } from "./decompose.js";
export { type DosePoint, type DoseResponse, doseResponse } from "./dose.js";
export { estimateDrift } from "./estimate.js";
export { csv, DRIFT_COLUMNS, driftCsv, driftJson } from "./export.js";
export {
  disabled,
  FLOOR_METRICS,
  type Floor,
  type FloorSentence,
  floorSentences,
  floorsIn,
  floorsOf,
  floorWords,
  isBlind,
} from "./floor.js";
export { axesText, ofWhole } from "./groups.js";
export { againstMargin, judge, LEAST_SEEDS_FOR_SAME, lowestOf, type Margin, notExcluded } from "./judge.js";
export { levelsOf } from "./levels.js";
export { observe, type RunFacts } from "./observe.js";
export { changeFromBase, changeFromZero, pooled, toBase } from "./pooled.js";
export {
  components,
  seedsNeeded,
  smallestEffect,
  testedVariance,
} from "./power.js";
export { meanOverSeeds } from "./seeds.js";

export { isSignal } from "./signal.js";
export { observeTalks, summariseTalks } from "./talks.js";

export type {
  Axes,
  CellId,
  CellKey,
  ChangeRow,
  DriftRow,
  Observation,
  PooledRow,
} from "./types.js";
