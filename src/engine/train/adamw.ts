import type { Weights } from "../files/weights.js";

export type AdamWOptions = { beta1?: number; beta2?: number; eps?: number; weightDecay?: number };

export type Gradients = ReadonlyMap<string, Float32Array>;

/**
 * Global L2 norm of all gradients, in float64 and a fixed order: four sums, so that no addition waits for the one before. Products, as V8
 * makes a call of each power where it has not compiled the function.
 */
export function gradientNorm(gradients: Gradients): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (const gradient of gradients.values()) {
    const whole = gradient.length - (gradient.length % 4);
    for (let i = 0; i < whole; i += 4) {
      a += gradient[i]! * gradient[i]!;
      b += gradient[i + 1]! * gradient[i + 1]!;
      c += gradient[i + 2]! * gradient[i + 2]!;
      d += gradient[i + 3]! * gradient[i + 3]!;
    }
    for (let i = whole; i < gradient.length; i += 1) a += gradient[i]! * gradient[i]!;
  }
  return Math.sqrt(a + b + c + d);
}

/** torch.nn.utils.clip_grad_norm_'s factor. Infinity never clips. */
export function clipFactor(norm: number, maxNorm: number): number {
  return Math.min(1, maxNorm / (norm + 1e-6));
}

/**
 * AdamW with torch's semantics (decoupled decay first, bias correction, eps outside the square root), over named weights
 * which it updates in place. As in transformers, decay spares vectors: norms and biases.
 */
export class AdamW {
  readonly #weights: Weights;
  readonly #options: Required<AdamWOptions>;
  readonly #first = new Map<string, Float32Array>();
  readonly #second = new Map<string, Float32Array>();
  #step = 0;

  constructor(
    weights: Weights,
    { beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weightDecay = 0 }: AdamWOptions = {},
  ) {
    this.#weights = weights;
    this.#options = { beta1, beta2, eps, weightDecay };
    for (const [name, { data }] of weights) {
      this.#first.set(name, new Float32Array(data.length));
      this.#second.set(name, new Float32Array(data.length));
    }
  }

  /** One update with gradients scaled by `factor`. */
  update(gradients: Gradients, learningRate: number, factor = 1): void {
    this.#step += 1;
    const { beta1, beta2, eps, weightDecay } = this.#options;
    // lr / (1 - beta1^t) m / (sqrt(v / (1 - beta2^t)) + eps), as one division: it is what an element's time goes into.
    const correction = Math.sqrt(1 - beta2 ** this.#step);
    const stepSize = (learningRate / (1 - beta1 ** this.#step)) * correction;
    const scaledEps = eps * correction;
    for (const [name, { data, shape }] of this.#weights) {
      const gradient = gradients.get(name)!;
      const first = this.#first.get(name)!;
      const second = this.#second.get(name)!;
      const keep = shape.length > 1 ? 1 - learningRate * weightDecay : 1;
      for (let i = 0; i < data.length; i += 1) {
        const g = gradient[i]! * factor;
        const m = beta1 * first[i]! + (1 - beta1) * g;
        const v = beta2 * second[i]! + (1 - beta2) * g * g;
        first[i] = m;
        second[i] = v;
        data[i] = data[i]! * keep - (stepSize * m) / (Math.sqrt(v) + scaledEps);
      }
    }
  }

  /** Everything needed to go on bit for bit, weights included; arrays are copies. */
  state(): OptimizerState {
    const tensors: Weights = new Map();
    for (const [name, { data, shape }] of this.#weights) {
      tensors.set(`weight.${name}`, { shape, data: data.slice() });
      tensors.set(`first.${name}`, { shape, data: this.#first.get(name)!.slice() });
      tensors.set(`second.${name}`, { shape, data: this.#second.get(name)!.slice() });
    }
    return { step: this.#step, tensors };
  }

  /** Takes up a state. Throws if it belongs to other weights. */
  restore({ step, tensors }: OptimizerState): void {
    for (const [name, { data }] of this.#weights) {
      for (const [part, target] of [
        ["weight", data],
        ["first", this.#first.get(name)!],
        ["second", this.#second.get(name)!],
      ] as const) {
        const saved = tensors.get(`${part}.${name}`)?.data;
        if (saved?.length !== target.length) throw new Error(`the training state does not fit ${name}`);
        target.set(saved);
      }
    }
    this.#step = step;
  }
}

/** A trainer's whole state after `step` updates; tensors can be kept with `writeSafetensors`. */
export type OptimizerState = { step: number; tensors: Weights };
