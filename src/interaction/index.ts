export { type ReportSettings, reported } from "./behaviour.js";
export {
  type ConverseRequest,
  converse,
  type InteractionModels,
  type InteractionSettings,
  rewardOf,
} from "./converse.js";
export { type ConverseAllRequest, converseAll } from "./converse-all.js";
export { feltRating } from "./felt.js";
export type { Interaction } from "./types.js";
