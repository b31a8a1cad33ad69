import { honestyIn } from "../../runs/index.js";
import type { RunEvent, Spent, Stage } from "../../simulation/index.js";

/** How far a run has come, as a display shows it. */
export type RunView = {
  label: string;
  rounds: number;
  round: number;
  stage: Stage | null;
  /** Of the stage, in [0, 1]. */
  stageShare: number;
  /** When the stage was first heard of, and how far it was: what is left to do is guessed from the pace since then. */
  since: { ms: number; done: number };
  /** What the stage does in a second (talks, training steps, probes); null before that can be told. */
  rate: number | null;
  /** Of the run, in [0, 1]. */
  share: number;
  /** Honesty after each evaluated round so far, in [0, 1]. */
  honesty: readonly { round: number; value: number }[];
  /** What models on servers have been used for. */
  spent: Spent | undefined;
};

/** Where each stage begins and ends within a round: talking takes about half of it. */
const SPAN: Record<Stage, [number, number]> = {
  interaction: [0, 0.5],
  training: [0.5, 0.75],
  evaluation: [0.75, 1],
};

export function newRunView(label: string): RunView {
  return {
    label,
    rounds: 1,
    round: 0,
    stage: null,
    stageShare: 0,
    since: { ms: 0, done: 0 },
    rate: null,
    share: 0,
    honesty: [],
    spent: undefined,
  };
}

/** The view after an event, which came at `ms` milliseconds of some clock. */
export function advance(view: RunView, event: RunEvent, ms: number): RunView {
  switch (event.type) {
    case "start":
      return { ...view, rounds: event.rounds };
    case "progress": {
      const { round, stage, done, total } = event;
      const stageShare = total === 0 ? 1 : done / total;
      const [from, to] = SPAN[stage];
      const same = stage === view.stage && round === view.round;
      const since = same ? view.since : { ms, done };
      const seconds = (ms - since.ms) / 1000;
      return {
        ...view,
        round,
        stage,
        stageShare,
        since,
        rate: seconds > 0 && done > since.done ? (done - since.done) / seconds : null,
        share: shareAt(view, round, from + (to - from) * stageShare),
        spent: event.spent ?? view.spent,
      };
    }
    case "round": {
      const { round } = event;
      const value = honestyIn(event.metrics);
      return {
        ...view,
        round,
        stage: null,
        stageShare: 0,
        rate: null,
        share: shareAt(view, round, 1),
        honesty: value === null ? view.honesty : [...view.honesty, { round, value }],
        spent: event.spent ?? view.spent,
      };
    }
    case "notice":
      return view;
    case "end":
      return { ...view, stage: null, rate: null, share: 1 };
  }
}

/** Honesty after the last evaluated round; null before the first. */
export function lastHonesty({ honesty }: RunView): number | null {
  return honesty.at(-1)?.value ?? null;
}

/** The untrained assistant's evaluation is a small part of a round. */
const BASE = 0.2;

function shareAt({ rounds }: RunView, round: number, within: number): number {
  const done = round === 0 ? BASE * within : BASE + round - 1 + within;
  return done / (BASE + rounds);
}
