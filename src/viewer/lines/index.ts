export { LineIndex } from "./line-index.js";
export * from "./skim.js";
export { type IndexStore, indexStore } from "./store.js";
