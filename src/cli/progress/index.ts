export { type Display, type DisplayOptions, openDisplay } from "./display.js";
