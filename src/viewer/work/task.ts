import type { Observation, PooledRow } from "../../drift/index.js";
import type { Permissions } from "../../permissions/index.js";
import type { Summary } from "../../report/index.js";
import type { Draft, DraftRequest } from "../api.js";

/** What may take longer than the server may let others wait. */
export type Tasks = {
  /** Means over seeds with their intervals, by the same draws as everywhere. */
  pool: (observations: readonly Observation[]) => Promise<PooledRow[]>;
  /** What came out of the run or sweep in a folder, no link followed out of `within`; null where nothing was measured. */
  summary: (place: { folder: string; within: string }) => Promise<Summary | null>;
  /** What is wrong with a scenario that was written in the page. */
  draft: (asked: { folder: string; request: DraftRequest; permissions: Permissions }) => Promise<Draft>;
};

/** Loads what a task needs, and gives how to do it. */
type Loaders = { [Task in keyof Tasks]: () => Promise<Tasks[Task]> };

// A thread loads what its own tasks need: who waits for a scenario's check waits for no statistics.
export const loaders: Loaders = {
  pool: async () => {
    const { pooled } = await import("../../drift/index.js");
    return async (observations) => pooled(observations);
  },
  summary: async () => {
    const { analyseSource, compareCases, readSource, summary } = await import("../../report/index.js");
    return async ({ folder, within }) => {
      const source = await readSource(folder, within);
      return summary(source, analyseSource(source), compareCases(source));
    };
  },
  draft: async () => {
    const { checkDraft } = await import("../start/index.js");
    return async ({ folder, request, permissions }) => checkDraft(folder, request, permissions);
  },
};
