export { queueAddress } from "./address.js";
export { queueExecutor } from "./executor.js";
export { type ServeOptions, serveQueue } from "./worker.js";
