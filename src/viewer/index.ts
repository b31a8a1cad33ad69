export { startViewer, type Viewer } from "./server/index.js";
