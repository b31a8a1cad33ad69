import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";

/**
 * silu(gate) * up with silu(x) = x s, s = sigmoid(x). With a = dh h and e = dh up:
 * d(up) = dh silu, d(gate) = e (s + silu (1 - s)) = a + s (e - a).
 */
export function swiglu(graph: Graph, gate: Tensor, up: Tensor): Tensor {
  const { shape } = gate;
  const emit = (op: string, ...inputs: Tensor[]) => graph.emit(op, inputs, { shape });
  const s = emit("Sigmoid", gate);
  const silu = emit("Mul", gate, s);
  const h = emit("Mul", silu, up);
  return differentiable(h, [gate, up], (gradient) => {
    const a = emit("Mul", gradient, h);
    const e = emit("Mul", gradient, up);
    return [emit("Add", a, emit("Mul", s, emit("Sub", e, a))), emit("Mul", gradient, silu)];
  });
}
