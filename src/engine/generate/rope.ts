import type { LlamaConfig } from "../files/config.js";

/** Rotary tables, one row a position: cos and sin of [length, headDim / 2] angles. */
export type RotaryTables = { length: number; cos: Float32Array; sin: Float32Array };

/**
 * Inverse frequencies of rotary position embeddings (float32, as `transformers` rounds them), with Llama 3's scaling of
 * the low ones where the checkpoint asks for it: wave lengths beyond the original context are stretched by `factor`,
 * short ones kept, those between blended.
 */
function inverseFrequencies({ headDim, ropeTheta, ropeScaling }: LlamaConfig): Float32Array {
  const frequencies = Float32Array.from({ length: headDim / 2 }, (_, i) => ropeTheta ** ((-2 * i) / headDim));
  if (!ropeScaling) return frequencies;
  const { factor, lowFreqFactor, highFreqFactor, originalMaxPositionEmbeddings } = ropeScaling;
  return frequencies.map((frequency) => {
    const waves = (originalMaxPositionEmbeddings * frequency) / (2 * Math.PI);
    if (waves < lowFreqFactor) return frequency / factor;
    if (waves > highFreqFactor) return frequency;
    const blend = (waves - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
    return (1 - blend) * (frequency / factor) + blend * frequency;
  });
}

/** Tables for positions 0 … length − 1; angles are rounded to float32 as `transformers` does. */
export function rotaryTables(config: LlamaConfig, length: number): RotaryTables {
  const frequencies = inverseFrequencies(config);
  const half = frequencies.length;
  const cos = new Float32Array(length * half);
  const sin = new Float32Array(length * half);
  for (let position = 0; position < length; position += 1) {
    for (let i = 0; i < half; i += 1) {
      const angle = Math.fround(position * frequencies[i]!);
      cos[position * half + i] = Math.cos(angle);
      sin[position * half + i] = Math.sin(angle);
    }
  }
  return { length, cos, sin };
}
