import type { Log, RunPaths } from "../runs/index.js";
import type { Cast } from "./cast.js";
import type { OnEvent } from "./events.js";

/** What every part of a round needs. */
export type RunContext = {
  cast: Cast;
  paths: RunPaths;
  log: Log;
  onEvent: OnEvent;
  signal?: AbortSignal;
};
