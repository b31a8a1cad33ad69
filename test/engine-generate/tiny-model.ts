import { type LlamaConfig, type Weights, weightShapes } from "../../src/engine/index.js";
import { stream } from "../../src/random.js";

/** A small random model with weights large enough that its predictions differ between contexts. */
export function tinyModel(
  changes: Partial<LlamaConfig> = {},
  seed = "tiny",
): { config: LlamaConfig; weights: Weights } {
  const config: LlamaConfig = {
    family: "llama",
    vocabSize: 61,
    hiddenSize: 32,
    intermediateSize: 72,
    layers: 2,
    heads: 4,
    kvHeads: 2,
    headDim: 8,
    maxPositionEmbeddings: 160,
    ropeTheta: 10_000,
    ropeScaling: null,
    rmsNormEps: 1e-5,
    tieWordEmbeddings: true,
    qkvBias: false,
    outputBias: false,
    qkNorm: false,
    bosTokenId: null,
    eosTokenIds: [1],
    padTokenId: 0,
    ...changes,
  };
  const random = stream(seed);
  const weights: Weights = new Map();
  for (const [name, shape] of weightShapes(config)) {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const center = name.includes("norm") ? 1 : 0;
    weights.set(name, { shape, data: Float32Array.from({ length: size }, () => center + (random() - 0.5)) });
  }
  return { config, weights };
}

/** A prompt of random tokens. */
export function randomPrompt(length: number, vocabSize: number, seed: string): number[] {
  const random = stream(seed);
  return Array.from({ length }, () => Math.floor(random() * vocabSize));
}
