import { BaseChatModel, type BaseChatModelCallOptions } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Message } from "../../message.js";
import { wellFormed } from "../../well-formed.js";
import { fromLangChain } from "../convert.js";
import type { ChatCallOptions } from "../embedded/model.js";
import { finishOf } from "../finish.js";
import { impossibleSum, type Scorer, type ScoringModel } from "../score.js";
import type { CachedReply } from "./cache.js";
import { BadAnswer, BrokenOff, TimeOut } from "./failure.js";
import { isCount } from "./usage-log.js";

/** One call as the traffic's rules see it. */
export type Call = {
  messages: readonly Message[];
  parameters: Readonly<Record<string, unknown>>;
  seed: number | null;
  signal?: AbortSignal;
};

/** Answers a call by whatever rules there are; `ask` puts it to the model itself. */
export type Answer = (
  call: Call,
  ask: (signal: AbortSignal, address: string | null) => Promise<CachedReply>,
) => Promise<CachedReply>;

type Options = BaseChatModelCallOptions & ChatCallOptions;

/** A chat model whose calls go by the rules of the traffic: cache, budget, limits, retries, counts. */
export class TrafficChatModel extends BaseChatModel<Options> {
  readonly #inner: (address: string | null) => BaseChatModel;
  readonly #address: () => string | null;
  readonly #answer: Answer;
  readonly #release: () => Promise<void>;
  readonly #explain: (error: unknown, address: string | null) => Error;
  readonly #timeoutMs: number;
  /** Absent where the model cannot tell. */
  readonly scoreCompletions?: ScoringModel["scoreCompletions"];

  constructor(fields: {
    /** The model at one of its addresses. */
    inner: (address: string | null) => BaseChatModel;
    /** Where a stream is asked for. */
    address: () => string | null;
    answer: Answer;
    score?: Scorer;
    release?: () => Promise<void>;
    /** Makes an error for people of what the model throws. */
    explain: (error: unknown, address: string | null) => Error;
    /** Longest time of a stream, from its beginning to its end. */
    timeoutMs: number;
  }) {
    // Retries are the rules' business.
    super({ maxRetries: 0 });
    this.#inner = fields.inner;
    this.#address = fields.address;
    this.#answer = fields.answer;
    this.#explain = fields.explain;
    this.#timeoutMs = fields.timeoutMs;
    const { score, answer } = fields;
    if (score)
      this.scoreCompletions = async (messages, candidates, { signal } = {}) => {
        const scored = await score({ messages, candidates, signal }, async (call, ask) => {
          const { text } = await answer({ ...call, seed: null, signal }, ask);
          return text;
        });
        const sum = impossibleSum(candidates, scored);
        if (sum === null) return scored;
        const what = `the probabilities that it tells of different replies come to ${sum.toFixed(2)}, where 1 is all there is`;
        throw fields.explain(new BadAnswer(what), fields.address());
      };
    this.#release = fields.release ?? (async () => {});
  }

  override _llmType(): string {
    return "candor-traffic";
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const { temperature, maxTokens, topP, stop, seed, signal } = options;
    const parameters = { temperature, max_tokens: maxTokens, top_p: topP, stop };
    const call = { messages: messages.map(fromLangChain), parameters, seed: seed ?? null, signal };
    const reply = await this.#answer(call, async (attempt, address) =>
      readReply(
        await this.#inner(address).invoke(messages, { ...options, signal: attempt } as Partial<Options>),
      ),
    );
    const { text, finish, usage } = reply;
    const message = new AIMessage({
      content: text,
      response_metadata: finish === null ? {} : { finish_reason: finish },
      ...(usage
        ? { usage_metadata: { ...usage, total_tokens: usage.input_tokens + usage.output_tokens } }
        : {}),
    });
    return { generations: [{ text, message }] };
  }

  /** Streams are for people at a terminal, who see a failure and can ask again: no cache, no second attempt. */
  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
  ): AsyncGenerator<ChatGenerationChunk> {
    const late = AbortSignal.timeout(this.#timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, late]) : late;
    const address = this.#address();
    try {
      // By its public face, which models that cannot stream have too.
      const pieces = await this.#inner(address).stream(messages, {
        ...options,
        signal,
        callbacks: [],
      } as Partial<Options>);
      for await (const message of pieces) yield new ChatGenerationChunk({ text: message.text, message });
      // Some models end their stream without a word when they are interrupted.
      signal.throwIfAborted();
    } catch (error) {
      options.signal?.throwIfAborted();
      throw this.#explain(
        late.aborted ? new TimeOut(`no whole reply within ${this.#timeoutMs / 1000} s`) : error,
        address,
      );
    }
  }

  /** Ends what was started for this model alone: an adapter's server or its place on one. */
  async release(): Promise<void> {
    await this.#release();
  }
}

function readReply(message: Awaited<ReturnType<BaseChatModel["invoke"]>>): CachedReply {
  const { usage_metadata: usage, response_metadata: metadata } = message;
  const finish = finishOf(metadata);
  if (finish === "error") throw new BrokenOff("the server broke its reply off with an error");
  const known = usage && isCount(usage.input_tokens) && isCount(usage.output_tokens);
  return {
    text: wellFormed(message.text),
    usage: known ? { input_tokens: usage.input_tokens, output_tokens: usage.output_tokens } : null,
    finish,
  };
}
