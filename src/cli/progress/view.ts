import type { RunEvent, Stage } from "../../simulation/index.js";

/** How far a run has come, as a display shows it. */
export type RunView = {
  label: string;
  rounds: number;
  round: number;
  stage: Stage | null;
  /** Of the stage, in [0, 1]. */
  stageShare: number;
  /** Of the run, in [0, 1]. */
  share: number;
  /** Honesty after the last evaluated round, in [0, 1]. */
  honesty: number | null;
};

/** Where each stage begins and ends within a round: talking takes about half of it. */
const SPAN: Record<Stage, [number, number]> = {
  interaction: [0, 0.5],
  training: [0.5, 0.75],
  evaluation: [0.75, 1],
};

export function newRunView(label: string): RunView {
  return { label, rounds: 1, round: 0, stage: null, stageShare: 0, share: 0, honesty: null };
}

/** The view after an event. */
export function advance(view: RunView, event: RunEvent): RunView {
  switch (event.type) {
    case "start":
      return { ...view, rounds: event.rounds };
    case "progress": {
      const { round, stage } = event;
      const stageShare = event.total === 0 ? 1 : event.done / event.total;
      const [from, to] = SPAN[stage];
      return {
        ...view,
        round,
        stage,
        stageShare,
        share: shareAt(view, round, from + (to - from) * stageShare),
      };
    }
    case "round": {
      const { round } = event;
      const honesty = event.metrics.find(({ metric, subset }) => metric === "honesty" && subset === "all");
      return {
        ...view,
        round,
        stage: null,
        stageShare: 0,
        share: shareAt(view, round, 1),
        honesty: honesty?.value ?? view.honesty,
      };
    }
    case "end":
      return { ...view, stage: null, share: 1 };
  }
}

/** The untrained assistant's evaluation is a small part of a round. */
const BASE = 0.2;

function shareAt({ rounds }: RunView, round: number, within: number): number {
  const done = round === 0 ? BASE * within : BASE + round - 1 + within;
  return done / (BASE + rounds);
}
