import type { Log, RunFolder } from "../runs/index.js";
import type { BaseResults } from "./base-results.js";
import type { OnEvent } from "./events.js";
import type { Setup } from "./setup.js";

/** What every part of a round needs. */
export type RunContext = Setup & {
  disk: RunFolder;
  log: Log;
  onEvent: OnEvent;
  signal?: AbortSignal;
  /** What other runs of this process found at round 0. */
  baseResults?: BaseResults;
};
