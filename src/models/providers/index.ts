export { MINNOWS } from "../embedded/minnows.js";
export {
  fieldProblems,
  findNamed,
  isEmbedded,
  modelName,
  modelPath,
  providers,
} from "./registry.js";
export { type ModelFields, type ModelSpec, modelSchema } from "./schema.js";
