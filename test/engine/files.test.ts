import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { narrowFloat16, widenFloat16 } from "../../src/engine/files/half.js";
import {
  type Adapter,
  adapterNames,
  createGenerator,
  type LlamaConfig,
  loadAdapter,
  loadCheckpoint,
  mergeAdapter,
  openGenerator,
  parseLlamaConfig,
  readSafetensors,
  saveAdapter,
  saveCheckpoint,
  type Weights,
  weightShapes,
  writeSafetensors,
} from "../../src/engine/index.js";
import { Stopped, UserError } from "../../src/errors.js";
import { stream } from "../../src/random.js";
import { adopt } from "../../src/training/external/adopt.js";

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
    await writeSafetensors(join(dir, "round.safetensors"), weights, {
      metadata: { format: "pt", note: "é" },
    });
    const back = await readSafetensors(join(dir, "round.safetensors"));
    expect(back.weights).toEqual(weights);
    expect(back.metadata).toEqual({ format: "pt", note: "é" });
  });

  test("half precision rounds to the nearest, ties to even, and what is half already stays", () => {
    const every = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);
    const wide = new Float32Array(every.length);
    widenFloat16(every, wide);
    for (const [bits, back] of narrowFloat16(wide).entries())
      if (!Number.isNaN(wide[bits]!) && back !== bits) throw new Error(`${bits} comes back as ${back}`);
    const float = fc.float({ noNaN: true, min: -65_519, max: 65_519 });
    fc.assert(
      fc.property(float, (value) => {
        const [bits] = narrowFloat16(Float32Array.of(value));
        const near = new Float32Array(3);
        widenFloat16(Uint16Array.of(bits!, bits! + 1, Math.max(bits! & 0x8000, bits! - 1)), near);
        const off = (one: number) => Math.abs(one - value);
        if (off(near[0]!) === off(near[1]!) || off(near[0]!) === off(near[2]!)) expect(bits! % 2).toBe(0);
        expect(off(near[0]!)).toBeLessThanOrEqual(Math.min(off(near[1]!), off(near[2]!)));
      }),
    );
    expect([...narrowFloat16(Float32Array.of(65_520, -1e9, Number.NaN))]).toEqual([0x7c00, 0xfc00, 0x7e00]);
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
    await expect(loadCheckpoint(at)).rejects.toThrow(/broken.*config\.json: no such file/);
    await saveCheckpoint(at, { config: tiny, weights: randomWeights(weightShapes(tiny)) });
    await truncate(join(at, "model.safetensors"), 3000);
    await expect(loadCheckpoint(at)).rejects.toThrow(/model\.safetensors.*cut short/);
    const short = randomWeights(weightShapes(tiny));
    short.delete("model.norm.weight");
    await writeSafetensors(join(at, "model.safetensors"), short);
    await expect(loadCheckpoint(at)).rejects.toThrow(/lack model\.norm\.weight/);
  });

  test("a single file beside an index of others is refused: which one is the model cannot be told", async () => {
    const at = join(dir, "both");
    const weights = randomWeights(weightShapes(tiny));
    await saveCheckpoint(at, { config: tiny, weights });
    const index = (file: string) =>
      writeFile(
        join(at, "model.safetensors.index.json"),
        JSON.stringify({ weight_map: Object.fromEntries([...weights.keys()].map((name) => [name, file])) }),
      );
    await index("model.safetensors");
    expect((await loadCheckpoint(at)).weights).toEqual(weights);
    await writeSafetensors(join(at, "other.safetensors"), weights);
    await index("other.safetensors");
    await expect(loadCheckpoint(at)).rejects.toThrow(
      /both holds model\.safetensors beside an index of other/,
    );
  });

  // As transformers 5.17 does: the head that is there counts, whatever the configuration says of it.
  test("a tied head that is another than the embeddings is refused", async () => {
    const at = join(dir, "head");
    const weights = randomWeights(weightShapes(tiny));
    await saveCheckpoint(at, { config: tiny, weights });
    const embeddings = weights.get("model.embed_tokens.weight")!;
    const withHead = (data: Float32Array) =>
      writeSafetensors(
        join(at, "model.safetensors"),
        new Map([...weights, ["lm_head.weight", { ...embeddings, data }]]),
      );
    await withHead(Float32Array.from(embeddings.data));
    expect((await loadCheckpoint(at)).weights).toEqual(weights);
    await withHead(embeddings.data.map((value, index) => (index === 87 ? value + 1 : value)));
    await expect(loadCheckpoint(at)).rejects.toThrow(/lm_head\.weight is another than model\.embed_tokens/);
    await expect(openGenerator(at)).rejects.toThrow(/tie_word_embeddings: true; say false/);
  });

  test.each(["config.json", "model.safetensors"])(
    "%s that is no file is refused, and not waited for",
    async (name) => {
      const at = join(dir, `device-${name}`);
      await saveCheckpoint(at, { config: tiny, weights: randomWeights(weightShapes(tiny)) });
      await rm(join(at, name));
      await symlink("/dev/null", join(at, name));
      await expect(loadCheckpoint(at)).rejects.toThrow(/is a device or a socket, not a file/);
      await rm(join(at, name));
      execFileSync("mkfifo", [join(at, name)]);
      await expect(loadCheckpoint(at)).rejects.toThrow(/is a pipe, not a file/);
    },
  );

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
    // transformers takes the base from where it stands.
    expect(parse({ rope_theta: 1e4, rope_scaling: { type: "default", rope_theta: 5e5 } }).ropeTheta).toBe(
      5e5,
    );
  });
  test("fields that change nothing are let through", () => {
    const extra = {
      ...{ attention_dropout: 0, is_causal: true, partial_rotary_factor: 1, quantization_config: null },
      ...{ auto_map: { AutoTokenizer: "x" }, cls_token_id: 1, torch_dtype: "bfloat16", anything: [1] },
    };
    expect(() => parseLlamaConfig(JSON.stringify({ ...base, ...extra }), "c")).not.toThrow();
  });
  test.each([
    [{ model_type: "gpt2" }, /gpt2 is not supported/],
    [{ hidden_act: "gelu" }, /gelu/],
    [{ vocab_size: 0 }, /vocab_size/],
    [{ rope_scaling: { rope_type: "yarn" } }, /yarn/],
    [{ num_key_value_heads: 3 }, /not a multiple/],
    [{ num_hidden_layers: 1e8 }, /num_hidden_layers/],
    [{ vocab_size: 1e15 }, /vocab_size/],
    [{ layer_types: ["full_attention", "sliding_attention"] }, /sliding_attention/],
    [{ quantization_config: { quant_method: "gptq" } }, /quantization_config/],
    [{ is_causal: false }, /c:1:\d+ is_causal: false is not supported/],
    [{ attention_dropout: 0.1 }, /attention_dropout: 0.1 is not supported/],
    [{ partial_rotary_factor: 0.5 }, /partial_rotary_factor: 0.5/],
    [{ logits_scaling: 8 }, /logits_scaling: 8/],
    [{ auto_map: { AutoModelForCausalLM: "modeling_x.XForCausalLM" } }, /auto_map: names code/],
    [{ rope_thet: 5e5 }, /c:1:\d+ rope_thet: unknown field; did you mean "rope_theta"\?/],
    [
      { rope_scaling: { rope_typ: "llama3" } },
      /rope_scaling.rope_typ: unknown field; did you mean "rope_type"/,
    ],
    [{ rope_scaling: { factor: 4 } }, /rope_scaling.factor: says nothing without a rope_type/],
    [{ rope_scaling: { type: "default", mrope_section: [1, 2] } }, /mrope_section: is not supported/],
    [{ rope_parameters: { full_attention: { rope_theta: 1e6 } } }, /full_attention: is not supported/],
    [{ rope_parameters: { rope_theta: 5 }, rope_scaling: { rope_theta: 6 } }, /say different things/],
  ])("%j is refused", (extra, message) => {
    expect(() => parseLlamaConfig(JSON.stringify({ ...base, ...extra }), "c")).toThrow(message);
  });
});

describe("adapters", () => {
  const layer = "model.layers.1.mlp.down_proj";
  const other = "model.layers.0.mlp.down_proj";
  const adapter: Adapter = {
    config: { r: 2, lora_alpha: 6, target_modules: ["down_proj"] },
    weights: randomWeights([
      [adapterNames(layer).a, [2, 12]],
      [adapterNames(layer).b, [8, 2]],
    ]),
  };
  const whole: Adapter = {
    ...adapter,
    weights: new Map([
      ...adapter.weights,
      ...randomWeights([
        [adapterNames(other).a, [2, 12]],
        [adapterNames(other).b, [8, 2]],
      ]),
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

  test("half an adapter, and tensors that plain LoRA does not have, are refused by name", async () => {
    const weights = randomWeights(weightShapes(tiny));
    const base = { config: tiny, weights };
    const opened = await createGenerator(base, { adapter: whole });
    await opened.release();
    await expect(createGenerator(base, { adapter })).rejects.toThrow(
      /lacks base_model\.model\.model\.layers\.0\.mlp\.down_proj\.lora_A/,
    );
    const stray = "base_model.model.lm_head.lora_A.weight";
    const at = join(dir, "stray-adapter");
    await saveAdapter(at, {
      ...whole,
      weights: new Map([...whole.weights, ...randomWeights([[stray, [2, 8]]])]),
    });
    await expect(loadAdapter(at)).rejects.toThrow(/lm_head\.lora_A\.weight is no part of plain LoRA/);
    const [one] = [...adapter.weights.keys()];
    const halved = new Map(adapter.weights);
    halved.delete(one!);
    expect(() => mergeAdapter(base, { ...adapter, weights: halved })).toThrow(/only one of the two/);
  });

  // What PEFT 0.21 writes for each of its variants; the files of the variants themselves are in variants.test.ts.
  test.each([
    [{ lora_bias: true }, /lora_bias: true/],
    [{ trainable_token_indices: { embed_tokens: [3] } }, /trainable_token_indices/],
    [{ target_modules: ["q_proj", "embed_tokens"] }, /target_modules\[\d\]: "embed_tokens"/],
    [{ target_modules: "all-linear" }, /target_modules/],
    [{ init_lora_weights: "pissa" }, /init_lora_weights: "pissa"/],
    [{ init_lora_weights: "pissa_niter_16" }, /init_lora_weights/],
    [{ init_lora_weights: "olora" }, /init_lora_weights: "olora"/],
    [{ init_lora_weights: "loftq", loftq_config: { loftq_bits: 4 } }, /init_lora_weights: "loftq"/],
    [{ init_lora_weights: "mica" }, /init_lora_weights: "mica"/],
    [{ use_dora: true }, /use_dora/],
    [{ use_rslora: true }, /use_rslora/],
    [{ bias: "lora_only" }, /bias: "lora_only"/],
    [{ modules_to_save: ["lm_head"] }, /modules_to_save/],
    [{ rank_pattern: { q_proj: 4 } }, /rank_pattern/],
    [{ alpha_pattern: { q_proj: 4 } }, /alpha_pattern/],
    [{ layers_to_transform: [0] }, /layers_to_transform/],
    [{ exclude_modules: ["k_proj"] }, /exclude_modules/],
    [{ layer_replication: [[0, 2]] }, /layer_replication/],
    [{ fan_in_fan_out: true }, /fan_in_fan_out/],
    [{ target_parameters: ["mlp.experts"] }, /target_parameters/],
    [{ alora_invocation_tokens: [1, 2] }, /alora_invocation_tokens/],
    [{ use_qalora: true }, /use_qalora/],
    [{ a_setting_of_tomorrow: 3 }, /a_setting_of_tomorrow: 3/],
    [{ peft_type: "LOHA" }, /peft_type/],
    [{ task_type: "SEQ_CLS" }, /task_type/],
    [{ r: 1e9 }, /r: /],
    [{ lora_alpha: "NaN" }, /lora_alpha/],
  ])("the setting %j is refused by name", async (extra, message) => {
    const at = join(dir, "variant");
    await saveAdapter(at, whole);
    const path = join(at, "adapter_config.json");
    const config = JSON.parse(readFileSync(path, "utf8")) as object;
    await writeFile(path, JSON.stringify({ ...config, ...extra }));
    const attempt = loadAdapter(at);
    await expect(attempt).rejects.toThrow(UserError);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toThrow(path);
  });

  test("everything that PEFT writes for plain LoRA is taken", async () => {
    const at = join(dir, "plain");
    await saveAdapter(at, whole);
    await writeFile(
      join(at, "adapter_config.json"),
      JSON.stringify({ ...PLAIN_OF_PEFT, target_modules: ["mlp.down_proj"] }),
    );
    expect(await loadAdapter(at)).toEqual(whole);
  });
});

/** `LoraConfig(...).to_dict()` of PEFT 0.21, all its fields. */
const PLAIN_OF_PEFT = {
  ...{
    task_type: "CAUSAL_LM",
    peft_type: "LORA",
    auto_mapping: null,
    peft_version: "0.21.0",
    r: 2,
    lora_alpha: 6,
  },
  ...{
    base_model_name_or_path: "x",
    revision: null,
    inference_mode: true,
    exclude_modules: null,
    lora_dropout: 0.05,
  },
  ...{
    fan_in_fan_out: false,
    bias: "none",
    use_rslora: false,
    modules_to_save: null,
    init_lora_weights: "gaussian",
  },
  ...{
    layers_to_transform: null,
    layers_pattern: null,
    rank_pattern: {},
    alpha_pattern: {},
    megatron_config: null,
  },
  ...{ megatron_core: "megatron.core", trainable_token_indices: null, loftq_config: {}, eva_config: null },
  ...{
    corda_config: null,
    lora_ga_config: null,
    use_dora: false,
    velora_config: null,
    alora_invocation_tokens: null,
  },
  ...{
    use_qalora: false,
    qalora_group_size: 16,
    monteclora_config: null,
    layer_replication: null,
    lora_bias: false,
  },
  ...{
    target_parameters: null,
    use_bdlora: null,
    arrow_config: null,
    kasa_config: null,
    ensure_weight_tying: false,
  },
};

describe("values that are not finite", () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  test.each(values)("%d in a checkpoint is refused at load and never written", async (value) => {
    const at = join(dir, `not-finite-${value}`);
    const weights = randomWeights(weightShapes(tiny));
    await saveCheckpoint(at, { config: tiny, weights });
    weights.get("model.norm.weight")!.data[3] = value;
    await expect(saveCheckpoint(at, { config: tiny, weights })).rejects.toThrow(/model\.norm\.weight/);
    await loadCheckpoint(at);
    await writeSafetensors(join(at, "model.safetensors"), weights);
    await expect(loadCheckpoint(at)).rejects.toThrow(UserError);
    await expect(openGenerator(at)).rejects.toThrow(
      new RegExp(`model\\.norm\\.weight holds ${value} \\(element 3\\): the weights are not finite`),
    );
  });

  test("in an adapter they are refused at load, at adoption and at writing", async () => {
    const weights = randomWeights([
      [adapterNames("model.layers.0.mlp.down_proj").a, [2, 12]],
      [adapterNames("model.layers.0.mlp.down_proj").b, [8, 2]],
    ]);
    const config = { r: 2, lora_alpha: 6, target_modules: ["down_proj"] };
    const at = join(dir, "nan-adapter");
    await saveAdapter(at, { config, weights });
    await adopt(at, join(dir, "adopted"));
    const [name] = [...weights.keys()];
    weights.get(name!)!.data.fill(Number.NaN);
    await expect(saveAdapter(at, { config, weights })).rejects.toThrow(/not finite/);
    await writeSafetensors(join(at, "adapter_model.safetensors"), weights);
    await expect(loadAdapter(at)).rejects.toThrow(/lora_A\.weight holds NaN/);
    await expect(adopt(at, join(dir, "adopted"))).rejects.toThrow(/lora_A\.weight holds NaN/);
    // The one before stays where it is.
    expect((await loadAdapter(join(dir, "adopted"))).weights.get(name!)!.data[0]).not.toBeNaN();
  });

  test("finite weights whose logits are not are a failure of the engine, not an answer", async () => {
    const weights = randomWeights(weightShapes({ ...tiny, tieWordEmbeddings: false }));
    weights.get("lm_head.weight")!.data.fill(3e38);
    const model = { config: { ...tiny, tieWordEmbeddings: false }, weights };
    const generator = await createGenerator(model);
    const request = { ids: [3, 4], maxTokens: 4, topP: 1, stop: [], seed: 1 };
    for (const temperature of [0, 0.5, 1]) {
      const failure = generator.generate([{ ...request, temperature }]);
      await expect(failure).rejects.toThrow(Stopped);
      await expect(failure).rejects.toThrow(/logits are not finite/);
    }
    await expect(generator.score([{ prompt: [3], completion: [4, 5] }])).rejects.toThrow(/not finite/);
    await generator.release();
  });
});
