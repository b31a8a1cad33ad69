import type { TrainingSettings } from "../../methods/index.js";
import type { PreferenceData } from "../types.js";

/**
 * A row as the texts that its model reads, markers of turns and all: for trainers to tokenise as they stand. One completion, or
 * the chosen and the rejected one.
 */
export type RawRow = { prompt: string; completions: string[] };

export type ExportRequest = {
  data: PreferenceData;
  /** The rows as texts, in the same order, where some had to be cut to `max_length`; as messages if absent. */
  raw?: readonly RawRow[];
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
