// CommonJS whose exports Node cannot see by name.
import onnxProto, { type onnx } from "onnx-proto";
import type { AttributeValue, FileRange, Graph } from "./graph.js";
import { livePart } from "./live.js";
import type { DType, Shape, Tensor } from "./tensor.js";

const ELEMENT_TYPE: Record<DType, number> = { float32: 1, int32: 6, int64: 7, bool: 9 };
const OPSET = 18;
const IR_VERSION = 8;

function attribute(name: string, value: AttributeValue): onnx.IAttributeProto {
  const { AttributeType } = onnxProto.onnx.AttributeProto;
  if (typeof value === "string") return { name, type: AttributeType.STRING, s: Buffer.from(value) };
  if (typeof value === "number") return { name, type: AttributeType.INT, i: value };
  if ("float" in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: [...value] };
}

function valueInfo(tensor: { name: string; dtype: DType; shape: Shape }): onnx.IValueInfoProto {
  const dim = tensor.shape.map((size) =>
    typeof size === "number" ? { dimValue: size } : { dimParam: size },
  );
  return {
    name: tensor.name,
    type: { tensorType: { elemType: ELEMENT_TYPE[tensor.dtype], shape: { dim } } },
  };
}

function place({ file, offset, length }: FileRange): onnx.IStringStringEntryProto[] {
  return Object.entries({ location: file, offset, length }).map(([key, value]) => ({
    key,
    value: String(value),
  }));
}

/** Serialises a graph as an ONNX model (opset 18 and ONNX Runtime's com.microsoft domain). */
export function encodeOnnx(graph: Graph, outputs: readonly Tensor[]): Uint8Array {
  const { nodes, initializers } = livePart(
    graph,
    outputs.map((tensor) => tensor.name),
  );
  const model = onnxProto.onnx.ModelProto.create({
    irVersion: IR_VERSION,
    opsetImport: [
      { domain: "", version: OPSET },
      { domain: "com.microsoft", version: 1 },
    ],
    graph: {
      name: "candor",
      node: nodes.map((node) => ({
        opType: node.op,
        domain: node.domain,
        input: [...node.inputs],
        output: [...node.outputs],
        attribute: Object.entries(node.attributes).map(([name, value]) => attribute(name, value)),
      })),
      initializer: initializers.map(({ name, dtype, dims, data }) => ({
        name,
        dataType: ELEMENT_TYPE[dtype],
        dims: [...dims],
        ...("file" in data
          ? { dataLocation: onnxProto.onnx.TensorProto.DataLocation.EXTERNAL, externalData: place(data) }
          : { rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }),
      })),
      input: graph.inputs.map(valueInfo),
      output: outputs.map(valueInfo),
    },
  });
  return onnxProto.onnx.ModelProto.encode(model).finish();
}
