import { type DType, elementCount, type Shape, type Tensor } from "./tensor.js";

export type AttributeValue = number | string | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, AttributeValue>>;

export type GraphNode = {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
};

/** Bytes of a float32 array in a file, for weights that never pass through this process; see `CompileOptions.folder`. */
export type FileRange = { readonly file: string; readonly offset: number; readonly length: number };

export type Initializer = {
  readonly name: string;
  readonly dtype: DType;
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array | Int32Array | Uint8Array | FileRange;
};

export type OutputSpec = { dtype?: DType; shape: Shape };

/** A tensor program under construction: nodes in the order they were emitted, inputs, and constants. */
export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly inputs: Tensor[] = [];
  readonly initializers: Initializer[] = [];
  #counter = 0;
  readonly #constants = new Map<string, Tensor>();

  #name(prefix: string): string {
    this.#counter += 1;
    return `${prefix}${this.#counter}`;
  }

  /** A value fed at every run. */
  input(name: string, shape: Shape, dtype: DType = "float32"): Tensor {
    const tensor: Tensor = { name, dtype, shape };
    this.inputs.push(tensor);
    return tensor;
  }

  /** Emits one ONNX node with one output. `domain` is "" or "com.microsoft". Omitted optional inputs are null. */
  emit(
    op: string,
    inputs: readonly (Tensor | null)[],
    output: OutputSpec,
    attributes: Attributes = {},
    domain = "",
  ): Tensor {
    return this.emitMany(op, inputs, [output], attributes, domain)[0]!;
  }

  /** Emits one ONNX node with several outputs. */
  emitMany(
    op: string,
    inputs: readonly (Tensor | null)[],
    outputs: readonly OutputSpec[],
    attributes: Attributes = {},
    domain = "",
  ): Tensor[] {
    const tensors = outputs.map(
      ({ dtype = "float32", shape }): Tensor => ({ name: this.#name("t"), dtype, shape }),
    );
    this.nodes.push({
      op,
      domain,
      inputs: inputs.map((tensor) => tensor?.name ?? ""),
      outputs: tensors.map((tensor) => tensor.name),
      attributes,
    });
    return tensors;
  }

  /** A named constant array held by the graph itself, e.g. a frozen weight (ONNX Runtime may pre-pack it). */
  constant(data: Initializer["data"], dims: readonly number[], name = this.#name("c")): Tensor {
    const dtype: DType =
      data instanceof Float32Array || "file" in data
        ? "float32"
        : data instanceof BigInt64Array
          ? "int64"
          : data instanceof Int32Array
            ? "int32"
            : "bool";
    this.initializers.push({ name, dtype, dims, data });
    return { name, dtype, shape: dims };
  }

  /** A float32 scalar; equal values share one initializer. */
  scalar(value: number): Tensor {
    return this.shared(`scalar ${value}`, () => this.constant(Float32Array.of(value), []));
  }

  /** A 1-D int64 list (axes, shapes, split sizes); equal lists share one initializer. */
  int64List(values: readonly number[]): Tensor {
    return this.shared(`list ${values.join(",")}`, () =>
      this.constant(
        BigInt64Array.from(values, (value) => BigInt(value)),
        [values.length],
      ),
    );
  }

  /** A float32 array of ones; equal shapes share one initializer. */
  ones(dims: readonly number[]): Tensor {
    return this.shared(`ones ${dims.join(",")}`, () =>
      this.constant(new Float32Array(elementCount(dims)).fill(1), dims),
    );
  }

  /** The constant known by `key`, made on first use. */
  shared(key: string, make: () => Tensor): Tensor {
    const known = this.#constants.get(key);
    if (known) return known;
    const made = make();
    this.#constants.set(key, made);
    return made;
  }
}

export type { DType, Shape, Tensor };
