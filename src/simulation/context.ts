import type { Cast } from "./cast.js";
import type { OnEvent } from "./events.js";
import type { RunPaths } from "./folder.js";
import type { Log } from "./log.js";

/** What every part of a round needs. */
export type RunContext = {
  cast: Cast;
  paths: RunPaths;
  log: Log;
  onEvent: OnEvent;
  signal?: AbortSignal;
};
