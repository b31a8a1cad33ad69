import { command } from "./command.js";
import { embedded } from "./embedded.js";
import { llamaFactory } from "./llama-factory.js";
import { trl } from "./trl.js";
import type { TrainerKind } from "./types.js";

export type { TrainerKind } from "./types.js";

/** Every trainer, in the order in which messages name them. */
export const trainerKinds: readonly TrainerKind[] = [embedded, trl, llamaFactory, command];

/** A trainer by the name that scenarios use; undefined where there is none of that name. */
export function trainerKind(name: unknown): TrainerKind | undefined {
  return trainerKinds.find((one) => one.name === name);
}
