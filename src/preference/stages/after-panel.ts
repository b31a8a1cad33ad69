import type { StageKind } from "./types.js";

/** Of stages that compare raters: simulated users rate one conversation each until a panel has others rate it too. */
export const afterPanel =
  (kind: string): NonNullable<StageKind["misplaced"]> =>
  ({ before, source }) =>
    source.simulated && !before.includes("panel") ? `${kind} compares raters; put a panel before it` : null;
