/** Named arrays in row-major order, under the names a Hugging Face checkpoint gives them. */
export type Weight = { shape: number[]; data: Float32Array };
export type Weights = Map<string, Weight>;

/** A deep copy, so that training the copy leaves the original alone. */
export function cloneWeights(weights: Weights): Weights {
  return new Map(
    [...weights].map(([name, { shape, data }]) => [name, { shape: [...shape], data: data.slice() }]),
  );
}
