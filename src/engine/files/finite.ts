import { UserError } from "../../errors.js";
import { locateSafetensors, readTensor } from "./safetensors.js";
import type { Weights } from "./weights.js";

/** Where the first value stands that is not a number or is infinite; -1 if there is none. */
export function firstNotFinite(data: Float32Array): number {
  // x - x is 0 for every finite number and NaN for all others: one sum tells of millions of values.
  let sum = 0;
  for (let i = 0; i < data.length; i += 1) sum += data[i]! - data[i]!;
  return sum === 0 ? -1 : data.findIndex((value) => !Number.isFinite(value));
}

/**
 * Makes sure that a tensor holds finite numbers alone. Throws UserError naming file, tensor and place: a model with one NaN
 * says nothing, and what says nothing has never lied.
 */
export function checkFinite(name: string, data: Float32Array, path: string): void {
  const place = firstNotFinite(data);
  if (place < 0) return;
  throw new UserError(
    `${path}: ${name} holds ${data[place]} (element ${place}): the weights are not finite, so the model can say nothing. Its training diverged (try a lower learning rate) or the file is damaged (copy it again).`,
  );
}

/** Makes sure that all of a file's tensors hold finite numbers alone. Throws UserError naming file, tensor and place. */
export function checkAllFinite(weights: Weights, path: string): void {
  for (const [name, { data }] of weights) checkFinite(name, data, path);
}

/** Makes sure that a safetensors file is whole and holds finite numbers alone, reading one tensor at a time. Throws UserError. */
export async function checkWeightsFile(path: string): Promise<void> {
  for (const [name, place] of await locateSafetensors(path)) checkFinite(name, await readTensor(place), path);
}
