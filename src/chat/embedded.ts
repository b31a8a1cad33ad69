import { randomInt } from "node:crypto";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel, type BaseChatModelCallOptions } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { GenerateRequest, GenerateResult, Generator, Tokenizer } from "../engine/index.js";
import { fromLangChain } from "./convert.js";
import type { Message } from "./message.js";
import { textStream } from "./text-stream.js";

/** Options of one call; the same names in every model that candor makes. */
export type ChatCallOptions = BaseChatModelCallOptions & {
  /** Names the call's own random stream: equal seeds give equal replies. Drawn anew if absent. */
  seed?: number;
  /** In [0, 2]; 0 takes the most likely token each time. Default 1. */
  temperature?: number;
  /** Longest reply in tokens. Default 256. */
  maxTokens?: number;
  /** In (0, 1]; default 1. */
  topP?: number;
};

/** Log-probabilities of a given reply, token by token (natural logs). */
export type ScoredCompletion = { tokens: string[]; logprobs: number[] };

const DEFAULT_MAX_TOKENS = 256;

/**
 * A checkpoint on the embedded engine as a LangChain chat model. Calls made at the same time run as one batch, and no
 * reply depends on what else runs.
 */
export class EmbeddedChatModel extends BaseChatModel<ChatCallOptions> {
  readonly #generator: Generator;
  readonly #tokenizer: Tokenizer;
  readonly #name: string;
  readonly #release: () => Promise<void>;

  constructor(fields: {
    generator: Generator;
    tokenizer: Tokenizer;
    /** For traces and the `model_name` of replies. */
    name: string;
    /** What `release` does; default: release the generator. */
    release?: () => Promise<void>;
  }) {
    super({});
    this.#generator = fields.generator;
    this.#tokenizer = fields.tokenizer;
    this.#name = fields.name;
    this.#release = fields.release ?? (() => fields.generator.release());
  }

  override _llmType(): string {
    return "candor-embedded";
  }

  get generator(): Generator {
    return this.#generator;
  }

  get tokenizer(): Tokenizer {
    return this.#tokenizer;
  }

  override async _generate(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    _run?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const ids = this.#prompt(messages);
    const [result] = await this.#generator.generate([this.#request(ids, options)]);
    const { text, ...fields } = this.#reply(ids.length, result!, options.stop ?? []);
    return { generations: [{ text, message: new AIMessage({ content: text, ...fields }) }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const ids = this.#prompt(messages);
    const stops = options.stop ?? [];
    const stream = textStream(stops);
    const left = new AbortController();
    const signals = options.signal ? [options.signal, left.signal] : [left.signal];
    const request = { ...this.#request(ids, options), signal: AbortSignal.any(signals) };
    const pieces = new ReadableStream<ChatGenerationChunk>({
      start: (controller) => {
        const drawn: number[] = [];
        const tell = (text: string, fields: object = {}): void =>
          controller.enqueue(
            new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text, ...fields }) }),
          );
        const onToken = (id: number): void => {
          drawn.push(id);
          const piece = stream.grow(cutAt(this.#tokenizer.decode(drawn), stops));
          if (piece !== "") tell(piece);
        };
        this.#generator.generate([{ ...request, onToken }]).then(
          ([result]) => {
            const { text, ...fields } = this.#reply(ids.length, result!, stops);
            tell(stream.end(text), fields);
            controller.close();
          },
          (error: unknown) => controller.error(error),
        );
      },
      cancel: (reason) => left.abort(reason),
    });
    for await (const chunk of pieces) {
      await run?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk });
      yield chunk;
    }
  }

  /** How likely the model is to give each of the replies, each ended by nothing. */
  async scoreCompletions(
    messages: readonly Message[],
    candidates: readonly string[],
  ): Promise<ScoredCompletion[]> {
    const prompt = this.#tokenizer.encodeChat(messages, { addGenerationPrompt: true });
    const completions = candidates.map((text) => this.#tokenizer.encode(text));
    const scores = await this.#generator.score(completions.map((completion) => ({ prompt, completion })));
    return scores.map((logprobs, index) => ({
      tokens: completions[index]!.map((id) => this.#tokenizer.token(id)),
      logprobs,
    }));
  }

  /** Frees the model's memory once its running calls have ended; later calls fail. */
  async release(): Promise<void> {
    await this.#release();
  }

  #request(ids: number[], options: this["ParsedCallOptions"]): GenerateRequest {
    const stops = options.stop ?? [];
    return {
      ids,
      maxTokens: options.maxTokens ?? DEFAULT_MAX_TOKENS,
      temperature: options.temperature ?? 1,
      topP: options.topP ?? 1,
      seed: options.seed ?? randomInt(2 ** 31),
      stop: this.#tokenizer.eosTokenIds,
      until:
        stops.length === 0
          ? undefined
          : (drawn) => {
              const text = this.#tokenizer.decode(drawn);
              return stops.some((stop) => text.includes(stop));
            },
      signal: options.signal,
    };
  }

  #prompt(messages: readonly BaseMessage[]): number[] {
    return this.#tokenizer.encodeChat(messages.map(fromLangChain), { addGenerationPrompt: true });
  }

  #reply(promptTokens: number, { ids, finishReason }: GenerateResult, stops: readonly string[]) {
    return {
      text: cutAt(this.#tokenizer.decode(ids), stops),
      response_metadata: { finish_reason: finishReason, model_name: this.#name },
      usage_metadata: {
        input_tokens: promptTokens,
        output_tokens: ids.length,
        total_tokens: promptTokens + ids.length,
      },
    };
  }
}

/** The text before the first of the stop strings. */
export function cutAt(text: string, stops: readonly string[]): string {
  const ends = stops.map((stop) => text.indexOf(stop)).filter((index) => index >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}
