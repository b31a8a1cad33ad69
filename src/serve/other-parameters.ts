/** Fields of requests that do not concern the answer. */
export const UNCONCERNED: ReadonlySet<string> = new Set([
  "metadata",
  "parallel_tool_calls",
  "priority",
  "prompt_cache_key",
  "prompt_cache_retention",
  "request_id",
  "safety_identifier",
  "service_tier",
  "store",
  "user",
]);

/**
 * Fields of other servers (vLLM, Hugging Face's, llama.cpp's) that would change the answer, with the values that ask for nothing.
 * Any other value is refused, and so is any field that is named nowhere.
 */
export const NEUTRAL: ReadonlyMap<string, readonly unknown[]> = new Map<string, readonly unknown[]>([
  ["add_generation_prompt", [true]],
  ["add_special_tokens", [true]],
  ["best_of", [1]],
  ["continue_final_message", [false]],
  ["do_sample", [true]],
  ["early_stopping", [false]],
  ["echo", [false]],
  ["function_call", ["none", "auto"]],
  ["ignore_eos", [false]],
  ["include_stop_str_in_output", [false]],
  ["length_penalty", [1]],
  ["logprobs", [false]],
  ["min_p", [0]],
  ["min_tokens", [0]],
  ["modalities", []],
  ["repetition_penalty", [1]],
  ["skip_special_tokens", [true]],
  ["spaces_between_special_tokens", [true, false]],
  ["suffix", [""]],
  ["top_k", [-1, 0]],
  ["typical_p", [1]],
  ["use_beam_search", [false]],
]);
