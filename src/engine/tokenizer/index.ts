export { type ChatOptions, loadTokenizer, type Tokenizer } from "./tokenizer.js";
