export {
  type ConverseRequest,
  converse,
  type InteractionModels,
  type InteractionSettings,
} from "./converse.js";
export { type ConverseAllRequest, converseAll } from "./converse-all.js";
export type { Interaction } from "./types.js";
