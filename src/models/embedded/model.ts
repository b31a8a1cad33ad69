import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel, type BaseChatModelCallOptions } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Generator, Tokenizer } from "../../engine/index.js";
import { UserError } from "../../errors.js";
import type { Message } from "../../message.js";
import { fromLangChain } from "../convert.js";
import type { HiddenReading } from "../hidden.js";
import type { ScoredCompletion } from "../score.js";
import { generateText, type TextRequest, type TextResult } from "./generate-text.js";

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
    const request = this.#request(messages, options);
    const result = await generateText(this, request);
    const { text } = result;
    const message = new AIMessage({ content: text, ...this.#metadata(request, result) });
    return { generations: [{ text, message }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const request = this.#request(messages, options);
    const left = new AbortController();
    const signal = AbortSignal.any(request.signal ? [request.signal, left.signal] : [left.signal]);
    const pieces = new ReadableStream<ChatGenerationChunk>({
      start: (controller) => {
        const onText = (text: string): void => controller.enqueue(chunk(text));
        generateText(this, { ...request, signal, onText }).then(
          (result) => {
            controller.enqueue(chunk("", this.#metadata(request, result)));
            controller.close();
          },
          (error: unknown) => controller.error(error),
        );
      },
      cancel: (reason) => left.abort(reason),
    });
    for await (const piece of pieces) {
      await run?.handleLLMNewToken(piece.text, undefined, undefined, undefined, undefined, { chunk: piece });
      yield piece;
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
    return scores.map(({ logprobs }, index) => ({
      tokens: completions[index]!.map((id) => this.#tokenizer.token(id)),
      logprobs,
    }));
  }

  get layers(): number {
    return this.#generator.layers;
  }

  /** The residual stream behind a block, at the last token of each prompt or as the mean over each reply's tokens. */
  async hiddenStates(readings: readonly HiddenReading[]): Promise<Float32Array[]> {
    return await this.#generator.hidden(
      readings.map(({ messages, reply, layer }) => {
        const prompt = this.#tokenizer.encodeChat(messages, { addGenerationPrompt: true });
        if (reply === undefined) return { ids: prompt, layer, from: prompt.length - 1 };
        const said = this.#tokenizer.encode(reply);
        if (said.length === 0) throw new UserError("a reply without tokens has no hidden states");
        return { ids: [...prompt, ...said], layer, from: prompt.length };
      }),
    );
  }

  /** Frees the model's memory once its running calls have ended; later calls fail. */
  async release(): Promise<void> {
    await this.#release();
  }

  #request(messages: readonly BaseMessage[], options: this["ParsedCallOptions"]): TextRequest {
    return {
      ids: this.#tokenizer.encodeChat(messages.map(fromLangChain), { addGenerationPrompt: true }),
      maxTokens: options.maxTokens ?? DEFAULT_MAX_TOKENS,
      temperature: options.temperature ?? 1,
      topP: options.topP ?? 1,
      seed: options.seed,
      stops: options.stop ?? [],
      signal: options.signal,
    };
  }

  #metadata({ ids: { length: input } }: TextRequest, { ids: { length: output }, finishReason }: TextResult) {
    return {
      response_metadata: { finish_reason: finishReason, model_name: this.#name },
      usage_metadata: { input_tokens: input, output_tokens: output, total_tokens: input + output },
    };
  }
}

function chunk(text: string, fields: object = {}): ChatGenerationChunk {
  return new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text, ...fields }) });
}
