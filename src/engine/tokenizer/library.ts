import { Tokenizer } from "@huggingface/tokenizers";
import { lettersAsBytes } from "./bytes.js";
import type { TokenizerFiles } from "./files.js";

/** The parts of the JavaScript library that are used here. (Its own types cannot be resolved.) */
export type Library = {
  normalizer: { normalize: (text: string) => string } | null;
  pre_tokenizer: { pre_tokenize: (text: string, options: { section_index: number }) => string[] } | null;
  model: {
    _call: (words: string[]) => string[];
    vocab: string[];
    tokens_to_ids: Map<string, number>;
    unk_token_id?: number;
  } | null;
  post_processor: {
    post_process: (tokens: string[], pair: null, special: boolean) => { tokens: string[] };
  } | null;
  decoder: Decoder | null;
  decode: (ids: number[], options: { skip_special_tokens: boolean }) => string;
};

type Decoder = {
  added_tokens: { content: string }[];
  decoders?: Decoder[];
  /** Of those that make text of bytes. */
  text_decoder?: { decode: (bytes: Uint8Array) => string };
  /** Of byte pairs alone. */
  byte_decoder?: unknown;
};

/**
 * Opens a tokenizer's files with the library, mended where that does otherwise than Hugging Face's tokenizers: words are not looked
 * for among the added tokens, an added token is said as the normalizer makes it where it is normalized and as bytes where its
 * letters stand for some, and single bytes are read all or none.
 */
export function openLibrary({ tokenizer, config, cleanUp }: TokenizerFiles): Library {
  const library: Library = new Tokenizer(tokenizer, { ...config, clean_up_tokenization_spaces: cleanUp });
  const { model, normalizer, decoder } = library;
  const said = new Map<string, string>();
  for (const token of tokenizer.added_tokens) {
    const { id, content } = token;
    const { vocab } = tokenizer.model;
    if (!Array.isArray(vocab) && !Object.hasOwn(vocab, content)) model?.tokens_to_ids.delete(content);
    if (!normalizer || !isNormalized(token)) continue;
    const text = normalizer.normalize(content);
    if (text === "" && content !== "")
      throw new Error(`its normalizer leaves nothing of the added token ${JSON.stringify(content)}`);
    said.set(content, text);
    if (model) model.vocab[id] = text;
  }
  if (decoder) {
    for (const token of decoder.added_tokens) token.content = said.get(token.content) ?? token.content;
    // Those that are left in this list are said as they stand, whatever their letters stand for in byte pairs.
    decoder.added_tokens = decoder.added_tokens.filter(({ content }) => !lettersAsBytes(content));
    readBytesAsThere(decoder);
  }
  return library;
}

/** Whether an added token is looked for in what the normalizer makes of a text, and is itself what it makes of it. */
export function isNormalized(token: { normalized?: boolean | null; special?: boolean | null }): boolean {
  return token.normalized ?? !token.special;
}

/** As there: bytes that are no text are so many marks for them all, and U+FEFF is a letter like another. */
function readBytesAsThere(decoder: Decoder): void {
  for (const one of decoder.decoders ?? []) readBytesAsThere(one);
  if (!decoder.text_decoder || decoder.byte_decoder) return;
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  decoder.text_decoder = {
    decode: (bytes) => {
      try {
        return strict.decode(bytes);
      } catch {
        return "\ufffd".repeat(bytes.length);
      }
    },
  };
}

/** Names of the tokens that the tokenizer puts before and behind a text. */
export function specialTokensAround({ post_processor }: Library): [before: string[], behind: string[]] {
  const mark = "\0text\0";
  const tokens = post_processor?.post_process([mark], null, true).tokens ?? [mark];
  const at = tokens.indexOf(mark);
  return [tokens.slice(0, at), tokens.slice(at + 1)];
}
