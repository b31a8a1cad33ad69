export { behindPrefix } from "./behind-prefix.js";
export { fillIn, hasPlace } from "./fill-in.js";
export { findGpus, type Gpus, gpusAsEnvironment, gpusOf, type Place, takeGpus } from "./gpus.js";
export { type Running, startProgram } from "./start.js";
