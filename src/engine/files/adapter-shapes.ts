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
 * Makes sure that every matrix of an adapter belongs to a layer of the model and fits it. Throws UserError: an adapter for
 * another model would otherwise do nothing, silently.
 */
export function checkAdapter(config: LlamaConfig, { config: { r }, weights }: Adapter): void {
  const known = adapterShapes(config, { r, target_modules: Object.keys(LINEAR_MODULES) });
  if (weights.size === 0) throw new UserError("the adapter has no weights");
  for (const [name, { shape }] of weights) {
    const expected = known.get(name);
    if (!expected)
      throw new UserError(
        `the adapter's ${name} belongs to no layer of the model: it was made for another one`,
      );
    if (expected.join() !== shape.join())
      throw new UserError(`the adapter's ${name} has shape [${shape}], but the model needs [${expected}]`);
    const partner = name.endsWith("lora_A.weight")
      ? name.replace("lora_A", "lora_B")
      : name.replace("lora_B", "lora_A");
    if (!weights.has(partner)) throw new UserError(`the adapter has ${name} but not ${partner}`);
  }
}
