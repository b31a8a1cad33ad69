export { queueExecutor, serveQueue } from "./open.js";
