import type { Trainer } from "../types.js";

/**
 * A trainer as scenarios name it. It is read with every scenario, so what trains (an engine, what starts programs) is imported inside
 * `train`.
 */
export type TrainerKind = {
  name: string;
  /** For the field's description, in brackets behind its name; nothing if absent. */
  about?: string;
  /**
   * Whether it trains in this process, on the assistant's own checkpoint: then it knows methods and settings that no program outside
   * does.
   */
  embedded: boolean;
  /** What `training.external.command` is for it; absent where no program is started. */
  command?: string;
  /** What it cannot do of the settings that the method reads, by field. */
  problems?: (settings: Readonly<Record<string, unknown>>) => { field: string; message: string }[];
  train: Trainer;
};
