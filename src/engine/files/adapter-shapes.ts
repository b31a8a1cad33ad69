import { UserError } from "../../errors.js";
import { type Adapter, adapterNames } from "./adapter.js";
import type { LlamaConfig } from "./config.js";
import { LINEAR_MODULES, type LinearModule, linearName, linearShape } from "./weight-shapes.js";

/** The shapes of an adapter's matrices on every layer whose module it targets, in the order of the forward pass. */
export function adapterShapes(
  config: LlamaConfig,
  { r, target_modules }: { r: number; target_modules: readonly string[] },
): Map<string, number[]> {
  const shapes = new Map<string, number[]>();
  for (let layer = 0; layer < config.layers; layer += 1) {
    for (const module of Object.keys(LINEAR_MODULES) as LinearModule[]) {
      if (!target_modules.includes(module)) continue;
      const [out, input] = linearShape(config, module);
      const { a, b } = adapterNames(linearName(layer, module));
      shapes.set(a, [r, input]);
      shapes.set(b, [out, r]);
    }
  }
  return shapes;
}

/**
 * Makes sure that an adapter has exactly the matrices that its settings name on the model's layers, each of its shape. Throws
 * UserError: an adapter for another model, or half of one, would otherwise act as another adapter, silently.
 */
export function checkAdapter(config: LlamaConfig, { config: settings, weights }: Adapter): void {
  if (weights.size === 0) throw new UserError("the adapter has no weights");
  const expected = adapterShapes(config, settings);
  for (const [name, { shape }] of weights) {
    const wanted = expected.get(name);
    if (!wanted)
      throw new UserError(
        `the adapter's ${name} belongs to no layer of the model that target_modules names: it was made for another one`,
      );
    if (wanted.join() !== shape.join())
      throw new UserError(`the adapter's ${name} has shape [${shape}], but the model needs [${wanted}]`);
  }
  for (const name of expected.keys())
    if (!weights.has(name))
      throw new UserError(`the adapter lacks ${name}, which its target_modules call for: it is not whole`);
}
