/**
 * Why a reply ended, in OpenAI's word where it is one that other makers have for the same (`stop`, `length`, `content_filter`,
 * `error`), or else as the model said it; null where it does not say. Takes LangChain's `response_metadata`.
 */
export function finishOf(metadata: Readonly<Record<string, unknown>>): string | null {
  const told = FIELDS.map((field) => metadata[field]).find((value) => typeof value === "string");
  if (typeof told !== "string" || told === "") return null;
  const word = told.toLowerCase();
  return Object.hasOwn(WORDS, word) ? WORDS[word]! : word;
}

/** Whether a reply that ended so was broken off before the model had ended it. */
export function isCut(finish: string | null): boolean {
  return finish === "length" || isFiltered(finish);
}

/** Whether it was a filter of the server's that broke it off: more tokens would not have made it longer. */
export function isFiltered(finish: string | null): boolean {
  return finish === "content_filter";
}

/** What stands behind `the reply is empty` where a filter made it so; else nothing. */
export function emptyBecause(finish: string | null): string {
  return isFiltered(finish) ? ": the server's filter ended it (content_filter)" : "";
}

/** OpenAI, Google, Anthropic, Bedrock, Ollama. */
const FIELDS = ["finish_reason", "finishReason", "stop_reason", "stopReason", "done_reason"];

const WORDS: Readonly<Record<string, string>> = {
  max_tokens: "length",
  max_output_tokens: "length",
  model_length: "length",
  model_context_window_exceeded: "length",
  end_turn: "stop",
  stop_sequence: "stop",
  eos: "stop",
  eos_token: "stop",
  safety: "content_filter",
  recitation: "content_filter",
  refusal: "content_filter",
};
