export { compareSources } from "./compare.js";
export { evaluateRules, onlyCells, verdictOf } from "./evaluate.js";
export { junitOf } from "./junit.js";
export { markdownOf } from "./markdown.js";
export { sarifOf } from "./sarif.js";
export type { Finding, Rule } from "./types.js";
export { ruleWords } from "./words.js";
