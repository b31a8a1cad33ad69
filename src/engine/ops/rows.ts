import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import { staticShape, type Tensor } from "../graph/tensor.js";

/**
 * Rows of a table [rows, width] by index [n] (int64): an embedding. Rows asked for several times add up their gradients,
 * by ScatterElements, which ONNX Runtime runs in order: ScatterND's sum depends on the number of threads.
 */
export function gatherRows(graph: Graph, table: Tensor, indices: Tensor): Tensor {
  const [rows, width] = staticShape(table) as [number, number];
  const [n] = staticShape(indices) as [number];
  const shape = [n, width];
  const output = graph.emit("Gather", [table, indices], { shape }, { axis: 0 });
  return differentiable(output, [table], (gradient) => {
    const column = graph.emit("Reshape", [indices, graph.int64List([n, 1])], {
      shape: [n, 1],
      dtype: "int64",
    });
    const spread = graph.emit("Expand", [column, graph.int64List(shape)], { shape, dtype: "int64" });
    return [
      graph.emit(
        "ScatterElements",
        [zeros(graph, rows, width), spread, gradient],
        { shape: table.shape },
        { axis: 0, reduction: "add" },
      ),
    ];
  });
}

/** Rows of x by index where no index occurs twice: their gradients go back by assignment. */
export function takeDistinctRows(graph: Graph, x: Tensor, indices: Tensor): Tensor {
  const [rows, width] = staticShape(x) as [number, number];
  const [n] = staticShape(indices) as [number];
  const output = graph.emit("Gather", [x, indices], { shape: [n, width] }, { axis: 0 });
  return differentiable(output, [x], (gradient) => {
    const column = graph.emit("Reshape", [indices, graph.int64List([n, 1])], {
      shape: [n, 1],
      dtype: "int64",
    });
    return [graph.emit("ScatterND", [zeros(graph, rows, width), column, gradient], { shape: x.shape })];
  });
}

function zeros(graph: Graph, rows: number, width: number): Tensor {
  return graph.emit("ConstantOfShape", [graph.int64List([rows, width])], { shape: [rows, width] });
}
