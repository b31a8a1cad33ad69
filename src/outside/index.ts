export { readOutside } from "./read.js";
