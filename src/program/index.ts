export { behindPrefix } from "./behind-prefix.js";
export { fillIn, hasPlace } from "./fill-in.js";
export { type Running, type StartOptions, startProgram } from "./start.js";
