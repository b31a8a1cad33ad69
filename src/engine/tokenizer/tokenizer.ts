import { UserError } from "../../errors.js";
import type { Message } from "../../message.js";
import { bounder } from "./bounded.js";
import { byteReader } from "./bytes.js";
import { compileChatTemplate } from "./chat-template.js";
import { readTokenizerFiles } from "./files.js";
import { openLibrary, specialTokensAround } from "./library.js";
import { encoder } from "./segments.js";

type ChatOptions = {
  /** Whether the text ends where the assistant is to speak. */
  addGenerationPrompt: boolean;
};

export type Tokenizer = {
  /** Token ids of a text; `addSpecialTokens` (default false) puts a beginning-of-text token where the model has one. */
  encode: (text: string, options?: { addSpecialTokens?: boolean }) => number[];
  /** The text of token ids, special tokens left out unless `keepSpecialTokens`. */
  decode: (ids: readonly number[], options?: { keepSpecialTokens?: boolean }) => string;
  /** A token as it stands in the vocabulary. */
  token: (id: number) => string;
  /** The bytes of UTF-8 that a token stands for; null where they hang on its neighbours (spaces between words). */
  bytes: (id: number) => number[] | null;
  /** A conversation as the model's chat template writes it. Throws UserError where there is none, or it objects. */
  applyChatTemplate: (messages: readonly Message[], options: ChatOptions) => string;
  /** The token ids of `applyChatTemplate`. */
  encodeChat: (messages: readonly Message[], options: ChatOptions) => number[];
  /** Any of these ends a text. */
  eosTokenIds: readonly number[];
  padTokenId: number | null;
};

/** Loads the tokenizer of a checkpoint's folder (`tokenizer.json`, `tokenizer_config.json`, chat template). */
export async function loadTokenizer(dir: string): Promise<Tokenizer> {
  const files = await readTokenizerFiles(dir);
  const { specialTokens, chatTemplate } = files;
  const inner = opening(dir, () => openLibrary(files));
  const template = chatTemplate === null ? null : compileChatTemplate(chatTemplate, specialTokens, dir);
  const idOf = (token: string | undefined): number[] => {
    const added = files.tokenizer.added_tokens.find(({ content }) => content === token);
    const id = token === undefined ? undefined : (added?.id ?? inner.model?.tokens_to_ids.get(token));
    return id === undefined ? [] : [id];
  };
  // A malformed part of the file may show only with a text that comes to it.
  const bounded = bounder(files.tokenizer);
  const reading = <T>(length: number, work: () => T): T => {
    try {
      return bounded(length, work);
    } catch (error) {
      throw new UserError(`${dir}/tokenizer.json cannot be used: ${why(error)}`);
    }
  };
  const plain = encoder(files.tokenizer, inner);
  const around = opening(dir, () => specialTokensAround(inner).map((tokens) => tokens.flatMap(idOf)));
  const encode: Tokenizer["encode"] = (text, { addSpecialTokens = false } = {}) => {
    const ids = reading(text.length, () => plain(text));
    return addSpecialTokens ? [...(around[0] ?? []), ...ids, ...(around[1] ?? [])] : ids;
  };
  const decode: Tokenizer["decode"] = (ids, { keepSpecialTokens = false } = {}) =>
    // The library refuses an empty list.
    ids.length === 0
      ? ""
      : reading(ids.length, () => inner.decode([...ids], { skip_special_tokens: !keepSpecialTokens }));
  for (const sample of SAMPLES) decode(encode(sample, { addSpecialTokens: true }));
  const bytesOf = byteReader(files.tokenizer);
  const applyChatTemplate: Tokenizer["applyChatTemplate"] = (messages, { addGenerationPrompt }) => {
    if (!template) throw new UserError(`${dir} has no chat template, so it cannot hold a conversation`);
    return template(messages, addGenerationPrompt);
  };
  return {
    encode,
    decode,
    token: (id) => inner.model?.vocab[id] ?? "",
    bytes: (id) => bytesOf(inner.model?.vocab[id] ?? ""),
    applyChatTemplate,
    encodeChat: (messages, options) => encode(applyChatTemplate(messages, options)),
    eosTokenIds: [...new Set([...idOf(specialTokens.eos_token), ...files.eosTokenIds])],
    padTokenId: idOf(specialTokens.pad_token)[0] ?? null,
  };
}

/** The library trips over parts that are not there. */
function why(error: unknown): string {
  return error instanceof TypeError ? "a part of it is missing or of another form" : (error as Error).message;
}

/** Read and said once before anything else, so that a file that cannot be used is refused when it is opened. */
const SAMPLES = [
  "Is it so, or isn't it?\n 12.5 – café",
  // What makes a regular expression go back for ever, in short: many of a kind, and an end that does not fit.
  `${"a".repeat(64)}!${"1".repeat(64)}!${" ".repeat(64)}x${"!?".repeat(32)}a${"aA1 ".repeat(32)}\n`,
];

function opening<T>(dir: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw new UserError(`${dir}/tokenizer.json cannot be used: ${why(error)}`);
  }
}
