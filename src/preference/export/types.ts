import type { TrainingSettings } from "../../training/types.js";
import type { PreferenceData } from "../types.js";

export type ExportRequest = {
  data: PreferenceData;
  settings: TrainingSettings;
  /** Name or folder of the model to train, as the other program is to be told. */
  model: string;
  seed: number;
  /** Folder of the adapter to go on from; a fresh one if absent or null. */
  adapter?: string | null;
  /** Folder that the files will lie in, if the other program is not started there. */
  folder?: string;
};

/** File name to its text. */
export type ExportedFiles = Record<string, string>;
