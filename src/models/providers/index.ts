export { MINNOWS } from "../embedded/minnows.js";
export {
  fieldProblems,
  findNamed,
  isEmbedded,
  longestReply,
  modelName,
  modelPath,
  modelSchema,
  providers,
} from "./registry.js";
export type { ModelFields, ModelSpec } from "./schema.js";
