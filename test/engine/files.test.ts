import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Adapter,
  adapterNames,
  type LlamaConfig,
  loadAdapter,
  loadCheckpoint,
  mergeAdapter,
  parseLlamaConfig,
  readSafetensors,
  saveAdapter,
  saveCheckpoint,
  type Weights,
  weightShapes,
  writeSafetensors,
} from "../../src/engine/index.js";
import { UserError } from "../../src/errors.js";
import { stream } from "../../src/random.js";

const tiny: LlamaConfig = parseLlamaConfig(
  JSON.stringify({
    model_type: "llama",
    vocab_size: 11,
    hidden_size: 8,
    intermediate_size: 12,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 32,
    rms_norm_eps: 1e-5,
    tie_word_embeddings: true,
    bos_token_id: 0,
    eos_token_id: [1, 2],
  }),
  "config.json",
);

function randomWeights(shapes: Iterable<[string, number[]]>): Weights {
  const random = stream("files");
  return new Map(
    [...shapes].map(([name, shape]) => {
      const count = shape.reduce((a, b) => a * b, 1);
      return [name, { shape, data: Float32Array.from({ length: count }, () => random() - 0.5) }];
    }),
  );
}

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "candor-files-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function rawFile(header: string, data: Buffer, claimed = Buffer.byteLength(header)): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(claimed));
  return Buffer.concat([length, Buffer.from(header), data]);
}

describe("safetensors", () => {
  test("what is written reads back bit for bit", async () => {
    const weights = randomWeights([
      ["a", [3, 5]],
      ["scalar", []],
      ["empty", [0, 4]],
    ]);
    await writeSafetensors(join(dir, "round.safetensors"), weights, { format: "pt", note: "é" });
    const back = await readSafetensors(join(dir, "round.safetensors"));
    expect(back.weights).toEqual(weights);
    expect(back.metadata).toEqual({ format: "pt", note: "é" });
  });

  test("half types widen exactly", async () => {
    const header = JSON.stringify({
      half: { dtype: "F16", shape: [6], data_offsets: [0, 12] },
      brain: { dtype: "BF16", shape: [3], data_offsets: [12, 18] },
    });
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x3555, 0x3f80, 0xc2f7, 0x0001);
    await writeFile(join(dir, "half.safetensors"), rawFile(header, Buffer.from(bits.buffer)));
    const { weights } = await readSafetensors(join(dir, "half.safetensors"));
    expect([...weights.get("half")!.data]).toEqual([
      1,
      -2,
      2 ** -24,
      65504,
      Number.POSITIVE_INFINITY,
      0.333251953125,
    ]);
    expect([...weights.get("brain")!.data]).toEqual([1, -123.5, Math.fround(2 ** -133)]);
  });

  test.each([
    ["nothing", Buffer.alloc(3), /only 3 bytes/],
    ["a header longer than the file", rawFile("{}", Buffer.alloc(0), 900), /header claims 900 bytes/],
    ["text", rawFile("hello", Buffer.alloc(0)), /not a JSON object/],
    [
      "data out of bounds",
      rawFile('{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}', Buffer.alloc(8)),
      /ends at byte 16 of 8/,
    ],
    [
      "a shape that does not fit",
      rawFile('{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}}', Buffer.alloc(16)),
      /needs 12 bytes but has 16/,
    ],
    [
      "overlap",
      rawFile(
        '{"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}',
        Buffer.alloc(12),
      ),
      /overlaps/,
    ],
    [
      "a negative offset",
      rawFile('{"w":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}', Buffer.alloc(8)),
      /malformed/,
    ],
    [
      "an unknown type",
      rawFile('{"w":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}', Buffer.alloc(8)),
      /F8_E4M3/,
    ],
  ])("a file of %s is refused by name", async (_, bytes, message) => {
    const path = join(dir, "bad.safetensors");
    await writeFile(path, bytes);
    const attempt = readSafetensors(path);
    await expect(attempt).rejects.toThrow(UserError);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toThrow(path);
  });
});

describe("checkpoints", () => {
  test("save, load and shard give the same weights", async () => {
    const weights = randomWeights(weightShapes(tiny));
    await saveCheckpoint(join(dir, "whole"), { config: tiny, weights });
    const whole = await loadCheckpoint(join(dir, "whole"));
    expect(whole.config).toEqual(tiny);
    expect(whole.weights).toEqual(weights);

    await saveCheckpoint(join(dir, "sharded"), { config: tiny, weights });
    await rm(join(dir, "sharded", "model.safetensors"));
    const entries = [...weights];
    const map: Record<string, string> = {};
    for (const [index, part] of [entries.slice(0, 9), entries.slice(9)].entries()) {
      const file = `model-0000${index + 1}-of-00002.safetensors`;
      await writeSafetensors(join(dir, "sharded", file), new Map(part));
      for (const [name] of part) map[name] = file;
    }
    await writeFile(
      join(dir, "sharded", "model.safetensors.index.json"),
      JSON.stringify({ weight_map: map }),
    );
    expect((await loadCheckpoint(join(dir, "sharded"))).weights).toEqual(weights);
  });

  test("the hash follows the weights", async () => {
    const weights = randomWeights(weightShapes(tiny));
    await saveCheckpoint(join(dir, "hash"), { config: tiny, weights });
    const before = (await loadCheckpoint(join(dir, "hash"))).hash;
    expect((await loadCheckpoint(join(dir, "hash"))).hash).toBe(before);
    weights.get("model.norm.weight")!.data[3]! += 1;
    await saveCheckpoint(join(dir, "hash"), { config: tiny, weights });
    expect((await loadCheckpoint(join(dir, "hash"))).hash).not.toBe(before);
  });

  test("missing, truncated and misshapen files are named", async () => {
    const at = join(dir, "broken");
    await expect(loadCheckpoint(at)).rejects.toThrow(/broken.*config\.json: ENOENT/);
    await saveCheckpoint(at, { config: tiny, weights: randomWeights(weightShapes(tiny)) });
    await truncate(join(at, "model.safetensors"), 3000);
    await expect(loadCheckpoint(at)).rejects.toThrow(/model\.safetensors.*cut short/);
    const short = randomWeights(weightShapes(tiny));
    short.delete("model.norm.weight");
    await writeSafetensors(join(at, "model.safetensors"), short);
    await expect(loadCheckpoint(at)).rejects.toThrow(/lack model\.norm\.weight/);
  });

  test("an index cannot point outside its folder", async () => {
    const at = join(dir, "stray");
    await saveCheckpoint(at, { config: tiny, weights: randomWeights(weightShapes(tiny)) });
    await writeFile(
      join(at, "model.safetensors.index.json"),
      '{"weight_map":{"a":"../whole/model.safetensors"}}',
    );
    await expect(loadCheckpoint(at)).rejects.toThrow(/not a file beside it/);
  });
});

describe("configurations", () => {
  const base = {
    model_type: "qwen2",
    vocab_size: 32,
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 1,
    num_attention_heads: 4,
    max_position_embeddings: 64,
    rms_norm_eps: 1e-6,
  };
  test("families differ in biases and norms", () => {
    const parse = (extra: object) => parseLlamaConfig(JSON.stringify({ ...base, ...extra }), "c");
    expect(parse({})).toMatchObject({
      qkvBias: true,
      outputBias: false,
      qkNorm: false,
      kvHeads: 4,
      headDim: 4,
    });
    expect(parse({ model_type: "qwen3" })).toMatchObject({ qkvBias: false, qkNorm: true, headDim: 128 });
    expect(
      parse({ model_type: "llama", rope_parameters: { rope_theta: 5e5, rope_type: "default" } }),
    ).toMatchObject({ qkvBias: false, ropeTheta: 5e5, ropeScaling: null });
  });
  test.each([
    [{ model_type: "gpt2" }, /gpt2 is not supported/],
    [{ hidden_act: "gelu" }, /gelu/],
    [{ vocab_size: 0 }, /vocab_size/],
    [{ rope_scaling: { rope_type: "yarn" } }, /yarn/],
    [{ num_key_value_heads: 3 }, /not a multiple/],
  ])("%j is refused", (extra, message) => {
    expect(() => parseLlamaConfig(JSON.stringify({ ...base, ...extra }), "c")).toThrow(message);
  });
});

describe("adapters", () => {
  const layer = "model.layers.1.mlp.down_proj";
  const adapter: Adapter = {
    config: { r: 2, lora_alpha: 6, target_modules: ["down_proj"] },
    weights: randomWeights([
      [adapterNames(layer).a, [2, 12]],
      [adapterNames(layer).b, [8, 2]],
    ]),
  };

  test("save and load", async () => {
    await saveAdapter(join(dir, "adapter"), adapter);
    expect(await loadAdapter(join(dir, "adapter"))).toEqual(adapter);
  });

  test("merging adds alpha / r times B A to that layer only", () => {
    const weights = randomWeights(weightShapes(tiny));
    const merged = mergeAdapter({ weights }, adapter);
    const a = adapter.weights.get(adapterNames(layer).a)!.data;
    const b = adapter.weights.get(adapterNames(layer).b)!.data;
    const expected = weights.get(`${layer}.weight`)!.data[3 * 12 + 5]! + 3 * (b[6]! * a[5]! + b[7]! * a[17]!);
    expect(merged.get(`${layer}.weight`)!.data[3 * 12 + 5]).toBeCloseTo(expected, 6);
    for (const [name, weight] of weights)
      if (name !== `${layer}.weight`) expect(merged.get(name)).toBe(weight);
  });

  test("an adapter that fits another model is refused", () => {
    const weights = randomWeights(weightShapes({ ...tiny, intermediateSize: 16 }));
    expect(() => mergeAdapter({ weights }, adapter)).toThrow(/do not fit/);
  });
});
