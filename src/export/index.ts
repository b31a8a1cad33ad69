export { exportResults, type ResultFormat } from "./results.js";
export {
  readTrainingData,
  type TrainingData,
  writeTrainingData,
} from "./training-data.js";
