/** Element types the engine uses; ONNX Runtime's own names. */
export type DType = "float32" | "int64" | "int32" | "bool";

/** A static size, or the name of a symbolic one (only decoding graphs have those). */
type Dim = number | string;
export type Shape = readonly Dim[];

/**
 * A value in a graph: a name, a type and a shape, and, for differentiable operations, where it came from.
 * `backward` receives the gradient of the loss with respect to this tensor and returns one gradient per entry
 * of `inputs` (undefined where none flows).
 */
export type Tensor = {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  inputs?: readonly Tensor[];
  backward?: (gradient: Tensor) => readonly (Tensor | undefined)[];
};

/** The sizes of a tensor whose shape is fully static. Throws on a symbolic dimension. */
export function staticShape(tensor: { name: string; shape: Shape }): number[] {
  return tensor.shape.map((dim) => {
    if (typeof dim !== "number") throw new Error(`tensor ${tensor.name} has a symbolic dimension ${dim}`);
    return dim;
  });
}

/** Number of elements of a static shape (1 for a scalar). */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
