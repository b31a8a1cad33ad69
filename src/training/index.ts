import { embeddedTrainer } from "./embedded.js";
import { commandTrainer, llamaFactoryTrainer, trlTrainer } from "./external/index.js";
import type { Trainer } from "./types.js";

export { embeddedTrainer } from "./embedded.js";
export { fitRows } from "./external/fit.js";
export { adapterAsStart } from "./external/index.js";
export { settingsFor } from "./settings.js";
export type * from "./types.js";

/** Every trainer by the name scenarios use. */
export const trainers: Readonly<Record<string, Trainer>> = {
  embedded: embeddedTrainer,
  trl: trlTrainer,
  llamafactory: llamaFactoryTrainer,
  command: commandTrainer,
};
