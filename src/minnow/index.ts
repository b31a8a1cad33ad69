export { type Said, type Strange, strangeToMinnow, strangeWords, twoPlans } from "./strange.js";
export { minnowWords, speaksToMinnow } from "./words-known.js";
