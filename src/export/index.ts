export { exportResults, type ResultFormat, resultFormats } from "./results.js";
export {
  readTrainingData,
  type TrainerFormat,
  type TrainingData,
  trainerFormats,
  writeTrainingData,
} from "./training-data.js";
