export { openGrowing } from "./grow.js";
export { GoneFile, LineIndex, whileWritten } from "./line-index.js";
export { compare, readLines, type Seal } from "./read.js";
export {
  parseInteraction,
  parseProbe,
  type SkimmedInteraction,
  type SkimmedProbe,
  type SkimmedRow,
  skimInteraction,
  skimProbe,
  skimRow,
  skimStep,
  skimUser,
} from "./skim.js";
export { type IndexStore, indexStore } from "./store.js";
export { draftLines, writeLines } from "./write.js";
