export { queueExecutor } from "./executor.js";
export { serveQueue } from "./worker.js";
