export {
  type Adapter,
  type AdapterConfig,
  adapterNames,
  loadAdapter,
  mergeAdapter,
  saveAdapter,
} from "./files/adapter.js";
export { type Checkpoint, loadCheckpoint, saveCheckpoint } from "./files/checkpoint.js";
export {
  type Llama3RopeScaling,
  type LlamaConfig,
  type ModelFamily,
  parseLlamaConfig,
} from "./files/config.js";
export { hashWeights, readSafetensors, writeSafetensors } from "./files/safetensors.js";
export { LINEAR_MODULES, type LinearModule, parameterCount, weightShapes } from "./files/weight-shapes.js";
export { cloneWeights, type Weight, type Weights } from "./files/weights.js";
