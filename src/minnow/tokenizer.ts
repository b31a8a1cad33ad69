import { stream } from "../random.js";

import { corpusSpeaker, drawEpisode } from "./language/corpus.js";
import type { Episode } from "./language/episode.js";
import { EVENTS, FEELINGS, HABITS, NAMES } from "./language/words.js";

export const SPECIAL_TOKENS = ["<|pad|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"] as const;
/** Marks of the reasoning format; ordinary text to a reader, single tokens to the model. */
const FORMAT_TOKENS = ["<think>", "</think>", "<output>", "</output>"];
const UNKNOWN = "[UNK]";
const CHARACTERS = [..."abcdefghijklmnopqrstuvwxyz0123456789.,?!:;'\"()-/"];
const LARGEST_NUMBER = 40;
const SAMPLED_EPISODES = 40_000;

const wordsOf = (text: string): string[] => text.match(/<\/?[a-z]+>|[a-z0-9]+|[^\sa-z0-9]/g) ?? [];

/** Every whole word that the language uses, in alphabetical order. */
function languageWords(): string[] {
  const words = new Set<string>();
  for (let number = 0; number <= LARGEST_NUMBER; number += 1) words.add(String(number));
  for (const text of [...HABITS.flat(), ...EVENTS, ...FEELINGS, ...NAMES])
    for (const word of wordsOf(text)) words.add(word);
  const random = stream("minnow/vocabulary");
  for (let i = 0; i < SAMPLED_EPISODES; i += 1) {
    for (const { content } of drawEpisode(random, corpusSpeaker(random, 1)).messages)
      for (const word of wordsOf(content)) words.add(word);
  }
  for (const known of [...FORMAT_TOKENS, ...CHARACTERS]) words.delete(known);
  return [...words].sort();
}

/** Token to id: special tokens, format marks, characters (whole and continuing), then words. */
export function buildVocabulary(): Map<string, number> {
  const tokens = [
    ...SPECIAL_TOKENS,
    ...FORMAT_TOKENS,
    UNKNOWN,
    ...CHARACTERS,
    ...CHARACTERS.filter((character) => /[a-z0-9]/.test(character)).map((character) => `##${character}`),
    ...languageWords(),
  ];
  return new Map(tokens.map((token, id) => [token, id]));
}

/**
 * `tokenizer.json` of the Hugging Face layout: WordPiece over whole words, with characters as the fallback, so that
 * any lower-cased text can be encoded and nothing is silently dropped.
 */
export function tokenizerJson(vocabulary: ReadonlyMap<string, number>): object {
  const added = (content: string, special: boolean): object => ({
    id: vocabulary.get(content)!,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special,
  });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [
      ...SPECIAL_TOKENS.map((token) => added(token, true)),
      ...FORMAT_TOKENS.map((token) => added(token, false)),
    ],
    normalizer: { type: "Lowercase" },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: null,
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: UNKNOWN,
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 64,
      vocab: Object.fromEntries(vocabulary),
    },
  };
}

const CHAT_TEMPLATE =
  "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}" +
  "{% if add_generation_prompt %}<|assistant|>{% endif %}";

export function tokenizerConfig(maxLength: number): object {
  return {
    tokenizer_class: "PreTrainedTokenizerFast",
    model_max_length: maxLength,
    pad_token: "<|pad|>",
    eos_token: "<|end|>",
    unk_token: UNKNOWN,
    clean_up_tokenization_spaces: false,
    chat_template: CHAT_TEMPLATE,
  };
}

/** Token ids of a conversation, with 1 where an assistant turn (and its end) is predicted and 0 elsewhere. */
export type EncodedChat = { ids: number[]; learn: number[] };

/** Encodes corpus text, all of whose words are in the vocabulary, as `tokenizer.json` with the chat template would. */
export function encodeChat(
  vocabulary: ReadonlyMap<string, number>,
  { messages, forced }: Pick<Episode, "messages" | "forced">,
): EncodedChat {
  const ids: number[] = [];
  const learn: number[] = [];
  const push = (token: string, learned: boolean): void => {
    const id = vocabulary.get(token);
    if (id === undefined) throw new Error(`"${token}" is not in minnow's vocabulary`);
    ids.push(id);
    learn.push(learned ? 1 : 0);
  };
  for (const [index, { role, content }] of messages.entries()) {
    const spoken = role === "assistant" && index !== forced;
    push(`<|${role}|>`, false);
    for (const word of wordsOf(content)) push(word, spoken);
    push("<|end|>", spoken);
  }
  return { ids, learn };
}
