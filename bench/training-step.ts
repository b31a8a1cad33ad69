import { availableParallelism } from "node:os";
import { Graph } from "../src/engine/graph/graph.js";
import { compile } from "../src/engine/graph/program.js";
import {
  createFullTrainer,
  createLoraTrainer,
  initAdapter,
  initLlama,
  type LlamaConfig,
  parameterCount,
  parseLlamaConfig,
} from "../src/engine/index.js";
import { type Random, stream } from "../src/random.js";

const ROUNDS = 8;
const SIZE = 2048;
const MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

type Model = { vocab: number; hidden: number; heads: number; kvHeads: number; ffn: number };
type Load = { what: string; flops: number; step: () => Promise<unknown>; release: () => Promise<void> };

/**
 * Rate of training steps beside that of a plain matrix product in ONNX Runtime, measured in turns, so that whatever
 * else the machine does slows both. Floating-point operations of a step: 6 x parameters x tokens, plus 12 x layers x
 * hidden x time x tokens for attention (all pairs, as is customary); with LoRA 4 and 8, the base being frozen.
 */
export default async function bench() {
  const threads = availableParallelism();
  const loads = [
    await matrixProduct(threads),
    fullTraining({ vocab: 2048, hidden: 192, heads: 6, kvHeads: 6, ffn: 512 }, 16, 128, threads),
    fullTraining({ vocab: 700, hidden: 128, heads: 4, kvHeads: 2, ffn: 320 }, 32, 160, threads),
    loraTraining({ vocab: 700, hidden: 128, heads: 4, kvHeads: 2, ffn: 320 }, 32, 160, threads),
  ];
  const times = loads.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [index, { step }] of loads.entries()) {
      const start = performance.now();
      await step();
      // The first run compiles and allocates.
      if (round > 0) times[index]!.push((performance.now() - start) / 1_000);
    }
  for (const { release } of loads) await release();
  const rates = loads.map(({ flops }, index) => flops / median(times[index]!) / 1e9);
  return {
    name: `training step on ${threads} cores`,
    rows: loads.map(({ what }, index) => ({
      what,
      seconds: median(times[index]!),
      gflop_per_second: rates[index]!,
      share_of_matrix_product: rates[index]! / rates[0]!,
    })),
  };
}

async function matrixProduct(threads: number): Promise<Load> {
  const graph = new Graph();
  const shape = [SIZE, SIZE];
  const product = graph.emit("MatMul", [graph.input("a", shape), graph.input("b", shape)], { shape });
  const program = await compile(graph, [product], { threads });
  const feeds = { a: new Float32Array(SIZE * SIZE).fill(0.5), b: new Float32Array(SIZE * SIZE).fill(0.5) };
  return {
    what: `matrix product ${SIZE} x ${SIZE} x ${SIZE}`,
    flops: 2 * SIZE ** 3,
    step: () => program.run(feeds),
    release: () => program.release(),
  };
}

function fullTraining(model: Model, batch: number, time: number, threads: number): Load {
  const { config, weights, rows } = setUp(model, batch, time);
  const trainer = createFullTrainer({ config, weights, threads, maxGradNorm: 1, weightDecay: 0.1 });
  return {
    what: `all of ${millions(config)} M parameters, ${batch} x ${time} tokens`,
    flops: stepFlops(config, batch, time, 6),
    step: () => trainer.step(rows, 1e-4),
    release: () => trainer.release(),
  };
}

function loraTraining(model: Model, batch: number, time: number, threads: number): Load {
  const { config, weights, rows, random } = setUp(model, batch, time);
  const adapter = initAdapter(config, { r: 8, lora_alpha: 16, target_modules: MODULES }, random);
  const trainer = createLoraTrainer({
    checkpoint: { config, weights },
    adapter,
    loss: { method: "sft" },
    threads,
  });
  const completionStart = Math.floor(time * 0.75);
  return {
    what: `LoRA r 8 on ${millions(config)} M parameters, ${batch} x ${time} tokens, loss on a quarter`,
    flops: stepFlops(config, batch, time, 4),
    step: () =>
      trainer.step(
        rows.map(({ ids }) => ({ ids, completionStart })),
        1e-4,
      ),
    release: () => trainer.release(),
  };
}

function setUp({ vocab, hidden, heads, kvHeads, ffn }: Model, batch: number, time: number) {
  const config = parseLlamaConfig(
    JSON.stringify({
      model_type: "llama",
      vocab_size: vocab,
      hidden_size: hidden,
      intermediate_size: ffn,
      num_hidden_layers: 4,
      num_attention_heads: heads,
      num_key_value_heads: kvHeads,
      max_position_embeddings: time,
      rms_norm_eps: 1e-5,
      tie_word_embeddings: true,
    }),
    "bench",
  );
  const random: Random = stream("bench/training-step");
  // One token more than places: the last is only a target.
  const ids = () => Array.from({ length: time + 1 }, () => Math.floor(random() * vocab));
  const rows = Array.from({ length: batch }, () => ({ ids: ids() }));
  return { config, weights: initLlama(config, random), rows, random };
}

function stepFlops(config: LlamaConfig, batch: number, time: number, factor: 4 | 6): number {
  const width = config.heads * config.headDim;
  return factor * batch * time * (parameterCount(config) + 2 * config.layers * width * time);
}

const millions = (config: LlamaConfig) => (parameterCount(config) / 1e6).toFixed(1);

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
