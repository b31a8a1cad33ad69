export { type GrowingLines, type GrowRequest, openGrowing, withCheck } from "./grow.js";
export { compare, type LinesRequest, readLines, type Seal } from "./read.js";
export { draftLines, writeLines } from "./write.js";
