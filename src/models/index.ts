export {
  type Alternative,
  isSmallCheckpoint,
  loadTokenizer,
  type ScoreRequest,
  type ScoreResult,
  type Tokenizer,
} from "../engine/index.js";
export type { Message } from "../message.js";
export { complete } from "./complete.js";
export {
  decoderAfter,
  generateText,
  type TextRequest,
  type TextResult,
} from "./embedded/generate-text.js";
export { type ChatCallOptions, EmbeddedChatModel } from "./embedded/model.js";
export { type EmbeddedSource, openEmbedded } from "./embedded/pool.js";
export { emptyBecause, finishOf, isCut, isFiltered } from "./finish.js";
export { type HiddenModel, type HiddenReading, hasHiddenStates } from "./hidden.js";
export {
  type Budget,
  CannotServe,
  localRateLimiter,
  MAX_CALLS,
  openTraffic,
  pricesSchema,
  type RateLimiter,
  readPrices,
  type Traffic,
  type TrafficOptions,
  type Usage,
  type UsageByRole,
  type UsageStore,
} from "./limits/index.js";
export { modelsAt } from "./openai/models-at.js";
export {
  findNamed,
  isEmbedded,
  longestReply,
  type ModelFields,
  type ModelSpec,
  modelName,
  modelPath,
  providers,
} from "./providers/index.js";
export {
  describeModel,
  embeddedFolder,
  embeddedSource,
  type ResolveOptions,
  releaseModel,
  requireModelName,
  resolveChatModel,
} from "./resolve.js";
export { canScore, type ScoredCompletion, totalLogprob } from "./score.js";
export { completeJson, readJson } from "./structured.js";
export { withoutThoughts } from "./thoughts.js";
export { shareOut, type Weighed, weighAnswers } from "./weigh.js";
