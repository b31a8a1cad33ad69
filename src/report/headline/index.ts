export { type Broken, brokenIn } from "./broken.js";
export { type Headline, headlineOf } from "./headline.js";
export { headlineLines, nextLines } from "./lines.js";
export { sizedWords } from "./sized-words.js";
