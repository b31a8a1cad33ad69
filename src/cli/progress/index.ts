export { openDisplay } from "./display.js";
