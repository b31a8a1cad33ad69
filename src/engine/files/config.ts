import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { UserError } from "../../errors.js";
import { readCheckedJson } from "../../yaml/index.js";
import { type Llama3RopeScaling, type Rope, ropeScalingOf, ropeSchema } from "./rope.js";
import { asksForNothing, refuseSlips, unread } from "./unknown-fields.js";

type ModelFamily = "llama" | "qwen2" | "qwen3";

/** What the engine needs to know of a Llama-family model; `config.json` in our words. */
export type LlamaConfig = {
  family: ModelFamily;
  vocabSize: number;
  hiddenSize: number;
  intermediateSize: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  maxPositionEmbeddings: number;
  ropeTheta: number;
  ropeScaling: Llama3RopeScaling | null;
  rmsNormEps: number;
  tieWordEmbeddings: boolean;
  /** Bias on the query, key and value projections (Qwen 2, or `attention_bias`). */
  qkvBias: boolean;
  /** Bias on the attention's output projection (`attention_bias` of llama and qwen3). */
  outputBias: boolean;
  /** RMSNorm over each head of queries and keys (Qwen 3). */
  qkNorm: boolean;
  bosTokenId: number | null;
  eosTokenIds: number[];
  padTokenId: number | null;
};

// No known model comes near these; what is larger is a damaged file, and would be counted through for hours.
const MOST_LAYERS = 2048;
const MOST = 2 ** 31 - 1;

const size = z.int().min(1).max(MOST);
const token = z.int().min(0).max(MOST);
/** Values under which a field changes nothing; of other fields null, false and what is empty. */
const NEUTRAL: Record<string, unknown> = { attention_dropout: 0, is_causal: true, partial_rotary_factor: 1 };

/**
 * Fields by which transformers computes another model, of these families or of their neighbours. It reads those of the latter under
 * their own `model_type` alone: a file that has them under ours is no plain model of these.
 */
const CHANGES: readonly string[] = [
  ...Object.keys(NEUTRAL),
  "attention_chunk_size",
  "attention_multiplier",
  "attn_logit_softcapping",
  "embedding_multiplier",
  "final_logit_softcapping",
  "logit_scale",
  "logits_scaling",
  "no_rope_layers",
  "num_experts",
  "num_local_experts",
  "quantization_config",
  "query_pre_attn_scalar",
  "residual_multiplier",
  "use_bidirectional_attention",
];

const fields = z.looseObject({
  model_type: z.string(),
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size.max(MOST_LAYERS),
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  max_position_embeddings: size,
  rms_norm_eps: z.number().positive(),
  hidden_act: z.string().nullish(),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: ropeSchema.nullish(),
  // transformers 5 keeps theta and scaling together here.
  rope_parameters: ropeSchema.nullish(),
  tie_word_embeddings: z.boolean().nullish(),
  attention_bias: z.boolean().nullish(),
  mlp_bias: z.boolean().nullish(),
  use_sliding_window: z.boolean().nullish(),
  layer_types: z.array(z.string()).nullish(),
  original_max_position_embeddings: size.nullish(),
  bos_token_id: token.nullish(),
  eos_token_id: z.union([token, z.array(token)]).nullish(),
  pad_token_id: token.nullish(),
  ...unread(CHANGES),
});

const configSchema = fields.superRefine((raw, context) => {
  refuseSlips(raw, Object.keys(fields.shape), context);
  const refuse = (name: string, message: string): void =>
    void context.addIssue({ code: "custom", path: [name], message });
  for (const name of CHANGES) {
    const value = raw[name] ?? NEUTRAL[name];
    const isNeutral = Object.hasOwn(NEUTRAL, name) ? value === NEUTRAL[name] : asksForNothing(value);
    if (!isNeutral) refuse(name, `${JSON.stringify(value).slice(0, 80)} is not supported`);
  }
  const code = (raw.auto_map ?? {}) as Record<string, unknown>;
  if (Object.keys(code).some((name) => /^AutoModel/u.test(name)))
    refuse("auto_map", "names code of the model's own, which is not run");
});

type RawConfig = z.infer<typeof configSchema>;

const FAMILIES = ["llama", "qwen2", "qwen3"] as const satisfies ModelFamily[];

/** Reads the text of a Hugging Face `config.json`. Throws UserError, naming `path`, on anything the engine cannot run. */
export function parseLlamaConfig(text: string, path: string): LlamaConfig {
  const raw = parseRaw(text, path);
  const refuse = (why: string) => new UserError(`${path}: ${why}`);
  const family = FAMILIES.find((one) => one === raw.model_type);
  if (family === undefined)
    throw refuse(`model_type ${raw.model_type} is not supported; use one of ${FAMILIES.join(", ")}`);
  if ((raw.hidden_act ?? "silu") !== "silu")
    throw refuse(`hidden_act ${raw.hidden_act} is not supported, only silu`);
  if (raw.mlp_bias) throw refuse("mlp_bias is not supported");
  if (raw.use_sliding_window) throw refuse("use_sliding_window is not supported");
  const other = raw.layer_types?.find((type) => type !== "full_attention");
  if (other !== undefined) throw refuse(`layer_types: ${other} is not supported, only full_attention`);
  const heads = raw.num_attention_heads;
  const kvHeads = raw.num_key_value_heads ?? heads;
  if (heads % kvHeads !== 0)
    throw refuse(`num_attention_heads ${heads} is not a multiple of num_key_value_heads ${kvHeads}`);
  const headDim = raw.head_dim ?? (family === "qwen3" ? 128 : raw.hidden_size / heads);
  if (!Number.isInteger(headDim) || headDim % 2 !== 0) throw refuse(`the head size ${headDim} is not even`);
  const attentionBias = raw.attention_bias ?? false;
  const rope = ropeOf(raw, refuse);
  return {
    family,
    vocabSize: raw.vocab_size,
    hiddenSize: raw.hidden_size,
    intermediateSize: raw.intermediate_size,
    layers: raw.num_hidden_layers,
    heads,
    kvHeads,
    headDim,
    maxPositionEmbeddings: raw.max_position_embeddings,
    ropeTheta: rope?.rope_theta ?? raw.rope_theta ?? 10_000,
    ropeScaling: ropeScalingOf(rope, refuse),
    rmsNormEps: raw.rms_norm_eps,
    tieWordEmbeddings: raw.tie_word_embeddings ?? false,
    qkvBias: family === "qwen2" || attentionBias,
    outputBias: family !== "qwen2" && attentionBias,
    qkNorm: family === "qwen3",
    bosTokenId: raw.bos_token_id ?? null,
    eosTokenIds: [raw.eos_token_id ?? []].flat(),
    padTokenId: raw.pad_token_id ?? null,
  };
}

function parseRaw(text: string, path: string): RawConfig {
  return readCheckedJson(configSchema, text, { file: path });
}

/** What is said of positions, which may stand in three places: two that say different things are refused. */
function ropeOf(raw: RawConfig, refuse: (why: string) => UserError): Rope | null | undefined {
  const { rope_parameters, rope_scaling, original_max_position_embeddings: original } = raw;
  if (rope_parameters && rope_scaling && !isDeepStrictEqual(rope_parameters, rope_scaling))
    throw refuse("rope_scaling and rope_parameters say different things");
  const rope = rope_parameters ?? rope_scaling;
  const inside = rope?.original_max_position_embeddings;
  if (original && inside !== undefined && inside !== original)
    throw refuse("original_max_position_embeddings stands twice, with different values");
  return rope;
}

const ARCHITECTURE: Record<ModelFamily, string> = {
  llama: "LlamaForCausalLM",
  qwen2: "Qwen2ForCausalLM",
  qwen3: "Qwen3ForCausalLM",
};

/** The `config.json` that `transformers` loads for this configuration (its version 4 field names, which 5 reads too). */
export function formatLlamaConfig(config: LlamaConfig): string {
  const scaling = config.ropeScaling;
  const { eosTokenIds } = config;
  return `${JSON.stringify(
    {
      architectures: [ARCHITECTURE[config.family]],
      model_type: config.family,
      vocab_size: config.vocabSize,
      hidden_size: config.hiddenSize,
      intermediate_size: config.intermediateSize,
      num_hidden_layers: config.layers,
      num_attention_heads: config.heads,
      num_key_value_heads: config.kvHeads,
      head_dim: config.headDim,
      max_position_embeddings: config.maxPositionEmbeddings,
      rope_theta: config.ropeTheta,
      rope_scaling: scaling && {
        rope_type: "llama3",
        factor: scaling.factor,
        low_freq_factor: scaling.lowFreqFactor,
        high_freq_factor: scaling.highFreqFactor,
        original_max_position_embeddings: scaling.originalMaxPositionEmbeddings,
      },
      rms_norm_eps: config.rmsNormEps,
      hidden_act: "silu",
      tie_word_embeddings: config.tieWordEmbeddings,
      ...(config.family === "qwen2" ? {} : { attention_bias: config.qkvBias }),
      attention_dropout: 0,
      bos_token_id: config.bosTokenId,
      eos_token_id: eosTokenIds.length > 1 ? eosTokenIds : (eosTokenIds[0] ?? null),
      pad_token_id: config.padTokenId,
      torch_dtype: "float32",
      use_cache: true,
    },
    null,
    2,
  )}\n`;
}
