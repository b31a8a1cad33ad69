import { type Observation, type PooledRow, pooled } from "../../drift/index.js";
import type { Permissions } from "../../permissions/index.js";
import {
  analyse,
  catalogueOfSource,
  compareCases,
  readSource,
  type Summary,
  summary,
} from "../../report/index.js";
import type { Draft, DraftRequest } from "../api.js";
import { checkDraft } from "../start/index.js";

/** What may take longer than the server may let others wait. */
export type Tasks = {
  /** Means over seeds with their intervals, by the same draws as everywhere. */
  pool: (observations: readonly Observation[]) => PooledRow[];
  /** What came out of the run or sweep in a folder, no link followed out of `within`; null where nothing was measured. */
  summary: (place: { folder: string; within: string }) => Promise<Summary | null>;
  /** What is wrong with a scenario that was written in the page. */
  draft: (asked: { folder: string; request: DraftRequest; permissions: Permissions }) => Draft;
};

export const tasks: Tasks = {
  pool: (observations) => pooled(observations),
  summary: async ({ folder, within }) => {
    const source = await readSource(folder, within);
    const observations = source.runs.flatMap((run) => run.observations);
    return summary(source, analyse(observations, catalogueOfSource(source)), compareCases(source));
  },
  draft: ({ folder, request, permissions }) => checkDraft(folder, request, permissions),
};
