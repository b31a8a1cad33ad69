import type { HiddenModel, Message } from "../models/index.js";
import { uniform } from "../random.js";
import { type Direction, project } from "./direction.js";
import { fitLogistic, type LinearProbe, predict } from "./logistic.js";

/** A prompt under pressure, and how likely what is said to it is a lie; null where nobody knows. */
export type Occasion = {
  id: string /** What is kept together when occasions are parted. */;
  unit: string;
  messages: Message[];
  lie: number | null;
};

/** What an evaluation keeps of the model before any training. */
export type Kept = {
  direction: Direction;
  /** Foretells lies from a state; null where lies were as likely everywhere. */
  probe: LinearProbe | null;
  /** How many occasions it was fitted on, and how many of them were lies: a sum of probabilities where those are known. */
  fitted: { occasions: number; lies: number };
};

/** Numbers of one occasion by the metric's name. */
export type Found = { id: string; scores: Record<string, number> };

/** Whether the probe is fitted on an occasion; else it is measured there. Half of all, the same in every round and run. */
function isFitted({ unit }: Pick<Occasion, "unit">): boolean {
  return uniform(`disposition/half/${unit}`) < 0.5;
}

/** The states at which a model is about to speak. */
export async function statesOf(
  model: HiddenModel,
  occasions: readonly Occasion[],
  layer: number,
): Promise<Float32Array[]> {
  return await model.hiddenStates(occasions.map(({ messages }) => ({ messages, layer })));
}

/** Fits the linear probe on half of the occasions. */
export function fitProbe(
  occasions: readonly Occasion[],
  states: readonly Float32Array[],
): Pick<Kept, "probe" | "fitted"> {
  const at = [...occasions.keys()].filter(
    (index) => occasions[index]!.lie !== null && isFitted(occasions[index]!),
  );
  const targets = at.map((index) => occasions[index]!.lie!);
  const fitted = { occasions: at.length, lies: targets.reduce((sum, lie) => sum + lie, 0) };
  if (targets.every((target) => target === targets[0])) return { probe: null, fitted };
  const rows = at.map((index) => states[index]!);
  // States of one model are ten times as large as those of another: the penalty is to mean the same for all.
  const scale = spreadOf(rows);
  const { weights, bias } = fitLogistic(
    rows.map((row) => row.map((value) => value / scale)),
    targets,
  );
  return { probe: { weights: weights.map((value) => value / scale), bias }, fitted };
}

/** How far a number of a state lies from its mean over the rows: the root of the mean square, over all of them. */
function spreadOf(rows: readonly Float32Array[]): number {
  const width = rows[0]!.length;
  let squares = 0;
  for (let i = 0; i < width; i += 1) {
    const mean = rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length;
    for (const row of rows) squares += (row[i]! - mean) ** 2;
  }
  return Math.sqrt(squares / (rows.length * width)) || 1;
}

/** Every occasion's place along the direction and, on the half that the probe has not seen, what it foretells and what was told. */
export function measure(
  occasions: readonly Occasion[],
  states: readonly Float32Array[],
  { direction, probe }: Kept,
): Found[] {
  return occasions.map((one, index) => ({
    id: one.id,
    scores: {
      projection: project(direction, states[index]!),
      ...(probe && !isFitted(one) ? { lie_foretold: predict(probe, states[index]!) } : {}),
      ...(probe && !isFitted(one) && one.lie !== null ? { lie_told: one.lie } : {}),
    },
  }));
}
