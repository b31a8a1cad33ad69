export { commandTrainer } from "./command.js";
export { llamaFactoryTrainer } from "./llama-factory.js";
export { trlTrainer } from "./trl.js";
export type { ExternalSettings } from "./types.js";
