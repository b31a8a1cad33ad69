import { expect, test } from "vitest";
import { initAdapter, initLlama, parseLlamaConfig } from "../../src/engine/index.js";
import { layOut } from "../../src/engine/train/batch.js";
import { negativeLogLikelihood } from "../../src/engine/train/loss.js";
import { Optimization } from "../../src/engine/train/optimization.js";
import { stream } from "../../src/random.js";

test("a large model's step, recomputed block by block, gives the gradients of an ordinary one", async () => {
  const config = parseLlamaConfig(
    JSON.stringify({
      model_type: "qwen3",
      vocab_size: 50,
      hidden_size: 24,
      head_dim: 8,
      intermediate_size: 40,
      num_hidden_layers: 3,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      max_position_embeddings: 256,
      rms_norm_eps: 1e-5,
    }),
    "config.json",
  );
  const random = stream("large");
  const weights = initLlama(config, random);
  for (const { data } of weights.values())
    for (let i = 0; i < data.length; i += 1) data[i]! += 0.2 * (random() - 0.5);
  const adapter = initAdapter(
    config,
    { r: 2, lora_alpha: 4, target_modules: ["k_proj", "down_proj"] },
    random,
  );
  for (const { data } of adapter.weights.values())
    for (let i = 0; i < data.length; i += 1) data[i]! += 0.3 * (random() - 0.5);
  const rows = [130, 110].map((length) => ({
    ids: Array.from({ length }, () => Math.floor(random() * config.vocabSize)),
    weights: new Float32Array(length).fill(1 / 250),
  }));
  const [batch] = layOut(rows);

  const results = [];
  for (const large of [false, true]) {
    const model = { config, weights, frozen: { adapter }, large };
    const optimization = new Optimization(model, negativeLogLikelihood, {});
    results.push(
      await optimization.differentiate([{ batch: batch!, feeds: { weights: batch!.weights }, groups: 1 }]),
    );
    await optimization.release();
  }
  const [plain, recomputed] = results;
  expect(recomputed!.loss).toBeCloseTo(plain!.loss, 5);
  for (const [name, gradient] of plain!.gradients) {
    const other = recomputed!.gradients.get(name)!;
    const error = Math.hypot(...gradient.map((value, i) => value - other[i]!)) / Math.hypot(...gradient);
    expect(error, name).toBeLessThan(1e-4);
  }
});
