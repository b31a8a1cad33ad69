export { type ReportSettings, reported } from "./behaviour.js";
export {
  checkRater,
  type RatedPair,
  type RaterCheck,
  ratedPairSchema,
  raterFails,
  raterWarnings,
} from "./check-rater.js";
export {
  type ConverseRequest,
  converse,
  type InteractionModels,
  type InteractionSettings,
} from "./converse.js";
export { type ConverseAllRequest, converseAll } from "./converse-all.js";
export { feltRating } from "./felt.js";
export {
  expectedMark,
  type RateRequest,
  type RatingMode,
  rateReplies,
  rateReply,
  reportRatings,
  rewardOf,
} from "./rate.js";
export type { Alternative, Interaction } from "./types.js";
