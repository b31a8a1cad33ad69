export { type Said, type Strange, strangeToMinnow, strangeWords } from "./strange.js";
export { minnowWords, speaksToMinnow } from "./words-known.js";
