export { openLibrary } from "./folder/index.js";
export { startViewer, type Viewer } from "./server/index.js";
