export { type Broken, brokenIn, brokenWords, type Change } from "./broken.js";
export { type Headline, headlineOf } from "./headline.js";
export { headlineLines, nextLines } from "./lines.js";
export type { Failure, Next } from "./next.js";
export { type Primary, primaryOf } from "./primary.js";
export { testWords } from "./sentence.js";
export type { Verdict } from "./verdict.js";
