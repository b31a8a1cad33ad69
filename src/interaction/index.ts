export { CHOICE_LANGUAGE } from "./ask-choice.js";
export { reported } from "./behaviour.js";
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
} from "./converse.js";
export { converseAll } from "./converse-all.js";
export { feltRating } from "./felt.js";
export {
  type RateRequest,
  rateReplies,
  rateReply,
  reportRatings,
  rewardOf,
} from "./rate.js";
export { type Obliged, type Targeting, targetingOf } from "./targeting.js";
export type { Interaction } from "./types.js";
