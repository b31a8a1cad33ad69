import type { Graph } from "./graph.js";
import type { Tensor } from "./tensor.js";

/** Records how a gradient flows through an operation's output back to its inputs. */
export function differentiable(
  output: Tensor,
  inputs: readonly Tensor[],
  backward: (gradient: Tensor) => readonly (Tensor | undefined)[],
): Tensor {
  output.inputs = inputs;
  output.backward = backward;
  return output;
}

/**
 * Reverse-mode differentiation: emits the nodes that compute d(loss)/d(x) for each of `wrt` and returns those tensors
 * in order. `loss` is a scalar. Throws if the loss does not depend on one of them.
 */
export function gradients(graph: Graph, loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  return pullBack(graph, loss, graph.scalar(1), wrt);
}

/** Carries the gradient of a loss with respect to `output` back to each of `wrt`. */
export function pullBack(
  graph: Graph,
  output: Tensor,
  outputGradient: Tensor,
  wrt: readonly Tensor[],
): Tensor[] {
  const path = pathTo(output, new Set(wrt));
  const onPath = new Set(path);
  const gradient = new Map<Tensor, Tensor>([[output, outputGradient]]);
  for (const tensor of path.reverse()) {
    const flowing = gradient.get(tensor);
    if (!flowing || !tensor.backward) continue;
    const flows = tensor.backward(flowing);
    for (const [index, input] of tensor.inputs!.entries()) {
      const flow = flows[index];
      if (!flow || !onPath.has(input)) continue;
      const sum = gradient.get(input);
      gradient.set(input, sum ? graph.emit("Add", [sum, flow], { shape: input.shape }) : flow);
    }
  }
  return wrt.map((tensor) => {
    const found = gradient.get(tensor);
    if (!found) throw new Error(`${output.name} does not depend on ${tensor.name}`);
    return found;
  });
}

/** The tensors on some path from `wrt` to the output, inputs before outputs. Nothing flows anywhere else. */
function pathTo(output: Tensor, wrt: ReadonlySet<Tensor>): Tensor[] {
  const depends = new Map<Tensor, boolean>();
  const path: Tensor[] = [];
  const visit = (tensor: Tensor): boolean => {
    const known = depends.get(tensor);
    if (known !== undefined) return known;
    let does = wrt.has(tensor);
    for (const input of tensor.inputs ?? []) does = visit(input) || does;
    depends.set(tensor, does);
    if (does) path.push(tensor);
    return does;
  };
  visit(output);
  return path;
}
