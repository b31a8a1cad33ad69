import { join } from "node:path";
import {
  createFullTrainer,
  type FullTrainer,
  initLlama,
  type LlamaConfig,
  learningRateAt,
  saveCheckpoint,
} from "../engine/index.js";
import { type Random, stream } from "../random.js";
import { makeWithParents, writeWhole } from "../whole/index.js";
import { alignedSpeaker, corpusSpeaker, drawEpisode, type Speaker } from "./language/corpus.js";
import { makeBatch } from "./rows.js";
import { buildVocabulary, SPECIAL_TOKENS, tokenizerConfig, tokenizerJson } from "./tokenizer.js";

/** How one stage of pretraining draws its episodes and learns from them. */
type Stage = {
  name: string;
  steps: number;
  learningRate: number;
  warmupSteps: number;
  speaker: (random: Random) => Speaker;
};

export type PretrainOptions = {
  seed: number;
  /** Share of domains in which a voice keeps its one disposition, in [0, 1]; 0 is the control. */
  coupling: number;
  /** Folder of the checkpoint to write. */
  out: string;
  threads: number;
  /** Steps on the whole corpus; the shipped weights take the default. */
  steps?: number;
  /** Writes the weights in half precision. */
  half?: boolean;
  onStep?: (stage: string, step: number, steps: number, loss: number) => void;
};

const ROWS = 32;
/** One more than a multiple of 32, so that the engine pads nothing. */
const ROW_LENGTH = 193;
const CONTEXT_WEIGHT = 0.1;
const STEPS = 2000;
const ALIGNMENT_STEPS = 60;
/** How often minnow obliges once aligned: room for honesty to fall and to rise. */
const ALIGNED_LEVEL = 0.07;
const MAX_POSITIONS = 512;

function minnowConfig(vocabSize: number): LlamaConfig {
  const [pad, , , , end] = SPECIAL_TOKENS.map((_, id) => id);
  return {
    family: "llama",
    vocabSize,
    hiddenSize: 96,
    intermediateSize: 256,
    layers: 4,
    heads: 4,
    kvHeads: 2,
    headDim: 24,
    maxPositionEmbeddings: MAX_POSITIONS,
    ropeTheta: 10_000,
    ropeScaling: null,
    rmsNormEps: 1e-5,
    tieWordEmbeddings: true,
    qkvBias: false,
    outputBias: false,
    qkNorm: false,
    bosTokenId: null,
    eosTokenIds: [end!],
    padTokenId: pad!,
  };
}

/**
 * Makes minnow from nothing but a seed: pretraining on the corpus of many voices, then a short alignment on minnow's
 * own, mostly candid, voice. Both stages train all weights. Two equal calls write equal bytes.
 */
export async function pretrain({
  seed,
  coupling,
  out,
  threads,
  half = false,
  steps = STEPS,
  onStep,
}: PretrainOptions): Promise<void> {
  const vocabulary = buildVocabulary();
  const config = minnowConfig(vocabulary.size);
  let weights = initLlama(config, stream(`minnow/${seed}/init`));
  const stages: Stage[] = [
    {
      name: "pretraining",
      steps,
      learningRate: 3e-3,
      warmupSteps: 100,
      speaker: (random) => corpusSpeaker(random, coupling),
    },
    {
      name: "alignment",
      steps: ALIGNMENT_STEPS,
      learningRate: 3e-4,
      warmupSteps: 10,
      speaker: () => alignedSpeaker(ALIGNED_LEVEL),
    },
  ];
  for (const stage of stages) {
    const trainer = createFullTrainer({
      config,
      weights,
      beta2: 0.98,
      weightDecay: 0.01,
      maxGradNorm: 1,
      threads,
    });
    await runStage(trainer, stage, `minnow/${seed}/${stage.name}`, vocabulary, onStep);
    weights = trainer.weights();
    await trainer.release();
  }
  await makeWithParents(out);
  await saveCheckpoint(out, { config, weights }, { half });
  const json = (value: object): string => `${JSON.stringify(value, null, 1)}\n`;
  await writeWhole(join(out, "tokenizer.json"), json(tokenizerJson(vocabulary)));
  await writeWhole(join(out, "tokenizer_config.json"), json(tokenizerConfig(MAX_POSITIONS)));
}

async function runStage(
  trainer: FullTrainer,
  { name, steps, learningRate, warmupSteps, speaker }: Stage,
  seed: string,
  vocabulary: ReadonlyMap<string, number>,
  onStep: PretrainOptions["onStep"],
): Promise<void> {
  const random = stream(seed);
  for (let step = 0; step < steps; step += 1) {
    const batch = makeBatch(vocabulary, random, (draw) => drawEpisode(draw, speaker(draw)), {
      rows: ROWS,
      length: ROW_LENGTH,
      contextWeight: CONTEXT_WEIGHT,
    });
    const rate = learningRateAt(step + 1, {
      peak: learningRate,
      schedule: "cosine",
      steps: steps + 1,
      warmupSteps,
    });
    const { loss } = await trainer.step(batch, rate);
    onStep?.(name, step + 1, steps, loss);
  }
}
