export { loadTokenizer, type Tokenizer } from "./tokenizer.js";
