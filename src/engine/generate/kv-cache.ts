import * as ort from "onnxruntime-node";
import type { LlamaConfig } from "../files/config.js";

type CacheShape = Pick<LlamaConfig, "layers" | "kvHeads" | "headDim">;

// Capacities are multiples of this, so that slightly longer prompts do not move the whole cache.
const CAPACITY_STEP = 64;

/**
 * Keys and values of every layer for a number of rows (slots), each with room for `capacity` tokens, in plain arrays
 * [slots, kv heads, capacity, head size] that ONNX Runtime reads and writes in place.
 */
export class KeyValueCache {
  readonly #shape: CacheShape;
  #arrays: Float32Array<ArrayBuffer>[];
  slots = 0;
  capacity = 0;

  constructor(shape: CacheShape) {
    this.#shape = shape;
    this.#arrays = Array.from({ length: 2 * shape.layers }, () => new Float32Array(0));
  }

  /** Bytes a token takes over all layers. */
  static bytesPerToken({ layers, kvHeads, headDim }: CacheShape): number {
    return 2 * layers * kvHeads * headDim * Float32Array.BYTES_PER_ELEMENT;
  }

  /** The capacity that holds `tokens`. */
  static capacityFor(tokens: number): number {
    return Math.ceil(tokens / CAPACITY_STEP) * CAPACITY_STEP;
  }

  /** Changes the size, keeping the first `rows` rows with their first `length` tokens. */
  resize(slots: number, capacity: number, rows: number, length: number): void {
    const { kvHeads, headDim } = this.#shape;
    const size = slots * kvHeads * capacity * headDim;
    this.#arrays = this.#arrays.map((old) => {
      const array = new Float32Array(size);
      for (let head = 0; head < rows * kvHeads; head += 1) {
        const from = head * this.capacity * headDim;
        array.set(old.subarray(from, from + length * headDim), head * capacity * headDim);
      }
      return array;
    });
    this.slots = slots;
    this.capacity = capacity;
  }

  /** Copies the first `length` tokens of one row over another row. */
  copyRow(from: number, to: number, length: number): void {
    const { kvHeads, headDim } = this.#shape;
    const stride = this.capacity * headDim;
    for (const array of this.#arrays) {
      for (let head = 0; head < kvHeads; head += 1) {
        const start = (from * kvHeads + head) * stride;
        array.copyWithin((to * kvHeads + head) * stride, start, start + length * headDim);
      }
    }
  }

  /** Tensors over `rows` rows from `slot` on, without copying. */
  view(layer: number, slot: number, rows: number): { key: ort.Tensor; value: ort.Tensor } {
    const { kvHeads, headDim } = this.#shape;
    const stride = kvHeads * this.capacity * headDim;
    const dims = [rows, kvHeads, this.capacity, headDim];
    const tensor = (array: Float32Array): ort.Tensor =>
      new ort.Tensor("float32", array.subarray(slot * stride, (slot + rows) * stride), dims);
    return { key: tensor(this.#arrays[2 * layer]!), value: tensor(this.#arrays[2 * layer + 1]!) };
  }
}
