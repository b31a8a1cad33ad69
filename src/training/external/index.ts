export { commandTrainer } from "./command.js";
export { llamaFactoryTrainer } from "./llama-factory.js";
export { adapterAsStart } from "./resume.js";
export { trlTrainer } from "./trl.js";
