export { compilePack } from "./compile.js";
export { generateUsers, type Harvest, type WrittenUser } from "./generate/generate.js";
export { packSchema, promptsFileSchema, situationFileSchema, situationSchema } from "./schema.js";
export { compileTemplate, templateProblem, variablesOf } from "./template.js";
export {
  type PromptPart,
  promptVariables,
  type Situation,
  type SituationPack,
  type SituationUser,
} from "./types.js";
export { readUsers, withUsers, writtenUserSchema } from "./users-file.js";
