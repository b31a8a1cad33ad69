export { MINNOWS } from "../embedded/minnows.js";
export {
  fieldProblems,
  findNamed,
  isEmbedded,
  modelName,
  modelPath,
  named,
  providers,
} from "./registry.js";
export { type ModelFields, type ModelSpec, modelSchema } from "./schema.js";
export type { ModelDescription, ModelFolders, NamedModel, OpenContext, Provider } from "./types.js";
