import type { ExportedFiles, ExportRequest } from "../preference/index.js";
import type { ReportSource } from "../report/index.js";

// What a run or sweep can be written as. Command lines read these records for their help, so what writes is imported where it writes.

/** Writes results into a folder that is there and empty, and returns the files. */
type ResultWriter = (source: ReportSource, out: string) => Promise<string[]>;

/** How a run's rows are written for those who train elsewhere. */
type TrainerKind = {
  /** Whether the other program takes rows as they are, of any length. */
  whole?: true;
  /** Whether it goes on from an adapter only as from a checkpoint of its own, which then stands beside the rows. */
  startsFromCheckpoint?: true;
  write: () => Promise<(request: ExportRequest) => ExportedFiles>;
};

const tables = async (format: "csv" | "jsonl" | "parquet"): Promise<ResultWriter> => {
  const { tablesOf } = await import("./tables.js");
  const { writeTables } = await import("./write-tables.js");
  return async (source, out) => await writeTables(tablesOf(source.runs), format, out);
};

/** Formats of results, in the order in which help names them, each with what writes it. */
export const resultFormats = {
  csv: () => tables("csv"),
  jsonl: () => tables("jsonl"),
  parquet: () => tables("parquet"),
  vega: async () => (await import("./figures.js")).writeVega,
  bibtex: async () => (await import("./methods.js")).writeMethods,
  dataset: async () => (await import("./dataset.js")).writeDataset,
  inspect: async () => (await import("./inspect.js")).writeInspectLogs,
  tensorboard: async () => (await import("./tensorboard.js")).writeTensorBoard,
  peft: async () => (await import("./checkpoint.js")).writeCheckpoint,
} as const satisfies Readonly<Record<string, () => Promise<ResultWriter>>>;

const trl: TrainerKind = {
  startsFromCheckpoint: true,
  write: async () => (await import("../preference/index.js")).exportTrl,
};
const llamaFactory: TrainerKind = {
  write: async () => (await import("../preference/index.js")).exportLlamaFactory,
};
const openAi: TrainerKind = {
  whole: true,
  write: async () => (await import("../preference/index.js")).exportOpenAi,
};

/** Formats of preference data, in the order in which help names them. */
export const trainerFormats = {
  trl,
  "llama-factory": llamaFactory,
  openai: openAi,
} as const satisfies Readonly<Record<string, TrainerKind>>;

export type ResultFormat = keyof typeof resultFormats;
export type TrainerFormat = keyof typeof trainerFormats;

export const resultNames = Object.keys(resultFormats) as ResultFormat[];
export const trainerNames = Object.keys(trainerFormats) as TrainerFormat[];

/** Whether a format is one of results, and not of rows for a trainer. */
export function isResultFormat(name: ResultFormat | TrainerFormat): name is ResultFormat {
  return Object.hasOwn(resultFormats, name);
}
