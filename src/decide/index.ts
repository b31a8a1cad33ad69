export { compareSources } from "./compare.js";
export { evaluateRules } from "./evaluate.js";
export { findingWords, junitOf, markdownOf, ruleWords, sarifOf } from "./files.js";
