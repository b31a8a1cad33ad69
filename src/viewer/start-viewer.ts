import type { Viewer, ViewerOptions } from "./server/index.js";

/** Serves the folder's runs as pages. The server and all that it can start are loaded here: who only lists runs needs none of it. */
export async function startViewer(options: ViewerOptions): Promise<Viewer> {
  return await (await import("./server/index.js")).startViewer(options);
}
