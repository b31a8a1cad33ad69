import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";

/**
 * h = silu(gate) * up with silu(x) = x s, s = sigmoid(x), silu'(x) = s + silu(x) (1 - s). Hence
 * d(up) = dh silu and d(gate) = dh up silu'(gate) = dh (h + s (up - h)).
 */
export function swiglu(graph: Graph, gate: Tensor, up: Tensor): Tensor {
  const { shape } = gate;
  const emit = (op: string, ...inputs: Tensor[]) => graph.emit(op, inputs, { shape });
  const s = emit("Sigmoid", gate);
  const silu = emit("Mul", gate, s);
  const h = emit("Mul", silu, up);
  return differentiable(h, [gate, up], (gradient) => {
    const slope = emit("Add", h, emit("Mul", s, emit("Sub", up, h)));
    return [emit("Mul", gradient, slope), emit("Mul", gradient, silu)];
  });
}
