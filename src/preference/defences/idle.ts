import type { DefenceSettings } from "../../scenario/index.js";
import { stageOf } from "../stages/index.js";
import type { Idle, Known } from "../stages/known.js";

/** Stages that would let everything through, by what is known before the run, each by its place in the list. */
export function idleStages(stages: readonly DefenceSettings[], known: Known): (Idle & { index: number })[] {
  return stages.flatMap((stage, index) => {
    const idle = stageOf(stage.kind).idle?.(stage, known) ?? null;
    return idle === null ? [] : [{ index, ...idle }];
  });
}
