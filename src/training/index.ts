import { trainerKinds } from "./kinds/index.js";
import type { Trainer } from "./types.js";

export { embeddedTrainer } from "./embedded.js";
export { fitRows } from "./external/fit.js";
export { adapterAsStart } from "./external/resume.js";
export { command as commandTrainer } from "./kinds/command.js";
export { settingsFor } from "./settings.js";
export type {
  Trainer,
  TrainingProgress,
  TrainingReport,
  TrainingRequest,
} from "./types.js";

/** Every trainer by the name scenarios use. */
export const trainers: Readonly<Record<string, Trainer>> = Object.fromEntries(
  trainerKinds.map(({ name, train }) => [name, train]),
);
