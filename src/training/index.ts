import { embeddedTrainer } from "./embedded.js";
import { commandTrainer } from "./external/command.js";
import { llamaFactoryTrainer } from "./external/llama-factory.js";
import { trlTrainer } from "./external/trl.js";
import type { Trainer } from "./types.js";

export { embeddedTrainer } from "./embedded.js";
export { fitRows } from "./external/fit.js";
export { adapterAsStart } from "./external/resume.js";
export { settingsFor } from "./settings.js";
export type * from "./types.js";

/** Every trainer by the name scenarios use. */
export const trainers: Readonly<Record<string, Trainer>> = {
  embedded: embeddedTrainer,
  trl: trlTrainer,
  llamafactory: llamaFactoryTrainer,
  command: commandTrainer,
};
