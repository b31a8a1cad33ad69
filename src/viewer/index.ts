export { openLibrary } from "./folder/index.js";
export type { Viewer } from "./server/index.js";
export { startViewer } from "./start-viewer.js";
