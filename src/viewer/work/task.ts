import { type Observation, type PooledRow, pooled } from "../../drift/index.js";
import {
  analyse,
  catalogueOfSource,
  compareCases,
  readSource,
  type Summary,
  summary,
} from "../../report/index.js";

/** What takes longer than a page may wait without the server answering others. */
export type Tasks = {
  /** Means over seeds with their intervals, by the same draws as everywhere. */
  pool: (observations: readonly Observation[]) => PooledRow[];
  /** What came out of the run or sweep in a folder; null where nothing was measured. */
  summary: (folder: string) => Promise<Summary | null>;
};

export const tasks: Tasks = {
  pool: (observations) => pooled(observations),
  summary: async (folder) => {
    const source = await readSource(folder);
    const observations = source.runs.flatMap((run) => run.observations);
    return summary(source, analyse(observations, catalogueOfSource(source)), compareCases(source));
  },
};
