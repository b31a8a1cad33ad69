import { Graph } from "../src/engine/graph/graph.js";
import { compile, type Program } from "../src/engine/graph/program.js";
import {
  createGenerator,
  type GenerateRequest,
  type Generator,
  initLlama,
  type LlamaConfig,
  parameterCount,
} from "../src/engine/index.js";
import { stream } from "../src/random.js";

const ROUNDS = 3;
const SIZE = 1024;
const PRODUCTS = 10;
const NEW_TOKENS = 15;

const config: LlamaConfig = {
  family: "llama",
  vocabSize: 828,
  hiddenSize: 128,
  intermediateSize: 320,
  layers: 4,
  heads: 4,
  kvHeads: 2,
  headDim: 32,
  maxPositionEmbeddings: 256,
  ropeTheta: 10_000,
  ropeScaling: null,
  rmsNormEps: 1e-5,
  tieWordEmbeddings: true,
  qkvBias: false,
  outputBias: false,
  qkNorm: false,
  bosTokenId: null,
  eosTokenIds: [4],
  padTokenId: 0,
};

/**
 * Sampling from a model of minnow's size on one thread (a sweep runs one process a core), beside the rate of a plain matrix
 * product in ONNX Runtime measured in turns, so that whatever else the machine does slows both. Floating-point operations: 2 x
 * parameters x tokens, read or drawn; what is remembered of prompts is not counted.
 */
export default async function bench() {
  const weights = initLlama(config, stream("bench/sampling"));
  const start = performance.now();
  const generator = await createGenerator({ config, weights }, { threads: 1 });
  const creation = performance.now() - start;
  const product = await matrixProduct();
  const rows = [
    await measure(generator, product, "512 prompts of 60 tokens, none alike", (round) =>
      requests(512, 60, `${round}`),
    ),
    await measure(generator, product, "512 prompts of 60 tokens, 44 shared", (round) =>
      requests(512, 16, `${round}`).map((one) => ({ ...one, ids: [...prompt(44, "shared"), ...one.ids] })),
    ),
    await measure(generator, product, "128 prompts of one token (only drawing)", (round) =>
      requests(128, 1, `${round}`),
    ),
    await measure(generator, product, "one request alone", (round) => requests(1, 60, `${round}`)),
  ];
  await Promise.all([generator.release(), product.release()]);
  return {
    name: `sampling, ${NEW_TOKENS} new tokens a prompt; session created in ${creation.toFixed(0)} ms`,
    rows,
  };
}

async function measure(
  generator: Generator,
  product: Program,
  what: string,
  make: (round: number) => GenerateRequest[],
) {
  const seconds = { sampling: 0, product: 0 };
  let warm = generator.statistics();
  for (let round = 0; round <= ROUNDS; round += 1) {
    const all = make(round);
    // A single request is too short to time.
    const repeats = Math.ceil(64 / all.length);
    const times = {
      product: await timed(async () => {
        for (let i = 0; i < PRODUCTS; i += 1) await product.run({ x: PRODUCT_INPUT });
      }),
      sampling: await timed(async () => {
        for (let i = 0; i < repeats; i += 1) await generator.generate(make(round * repeats + i));
      }),
    };
    if (round === 0) warm = generator.statistics();
    else {
      seconds.sampling += times.sampling;
      seconds.product += times.product;
    }
  }
  const after = generator.statistics();
  const drawn = after.newTokens - warm.newTokens;
  const read = after.readTokens - warm.readTokens;
  const productRate = (ROUNDS * PRODUCTS * 2 * SIZE ** 3) / seconds.product;
  // The last drawn token is not read.
  const tokens = read + drawn * (1 - 1 / NEW_TOKENS);
  const rate = (2 * parameterCount(config) * tokens) / seconds.sampling;
  return {
    what,
    "new tokens/s": Math.round(drawn / seconds.sampling),
    "prompt tokens/s": Math.round((after.promptTokens - warm.promptTokens) / seconds.sampling),
    "GFLOP/s": Math.round(rate / 1e9),
    "of matrix product": `${Math.round((100 * rate) / productRate)} %`,
  };
}

const PRODUCT_INPUT = new Float32Array(SIZE * SIZE).fill(0.1);

async function matrixProduct(): Promise<Program> {
  const graph = new Graph();
  const x = graph.input("x", [SIZE, SIZE]);
  const weight = graph.constant(new Float32Array(SIZE * SIZE).fill(0.5), [SIZE, SIZE]);
  return await compile(graph, [graph.emit("MatMul", [x, weight], { shape: [SIZE, SIZE] })], { threads: 1 });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

function prompt(length: number, seed: string): number[] {
  const random = stream(`bench/sampling/${seed}`);
  return Array.from({ length }, () => Math.floor(random() * config.vocabSize));
}

function requests(count: number, length: number, name: string): GenerateRequest[] {
  return Array.from({ length: count }, (_, seed) => ({
    ids: prompt(length, `${name}/${seed}`),
    maxTokens: NEW_TOKENS,
    temperature: 1,
    topP: 1,
    stop: [],
    seed,
  }));
}
