export { exportResults } from "./results.js";
export {
  readTrainingData,
  type TrainingData,
  writeTrainingData,
} from "./training-data.js";
