import { type Random, stream } from "../../random.js";
import { likeliest, type Prediction, sampleToken } from "./sample.js";
import type { Alternative, GenerateRequest, GenerateResult } from "./types.js";

/** A request on its way: what it has drawn, and how many tokens of it the model has read. */
export class Pending {
  readonly request: GenerateRequest;
  /** Tokens in the cache: the prompt, and all drawn tokens but the last. */
  length: number;
  /** Whether its promise is settled. */
  ended = false;
  readonly reject: (reason: unknown) => void;
  readonly #resolve: (result: GenerateResult) => void;
  readonly #context: number;
  readonly #random: Random;
  readonly #ids: number[] = [];
  readonly #logprobs: number[] = [];
  readonly #alternatives: Alternative[][] = [];

  constructor(
    request: GenerateRequest,
    /** The model's longest text in tokens. */
    context: number,
    resolve: (result: GenerateResult) => void,
    reject: (reason: unknown) => void,
  ) {
    this.request = request;
    this.length = request.ids.length;
    this.#context = context;
    this.#random = stream(`sample/${request.seed}`);
    this.#resolve = resolve;
    this.reject = (reason) => {
      this.ended = true;
      reject(reason);
    };
  }

  /** The token to be read next. */
  get last(): number {
    return this.#ids.at(-1)!;
  }

  /** Tokens it may come to fill. */
  get mostTokens(): number {
    return Math.min(this.#context, this.request.ids.length + this.request.maxTokens);
  }

  rejectIfAborted(): boolean {
    const { signal } = this.request;
    if (!signal?.aborted) return false;
    this.reject(signal.reason);
    return true;
  }

  /** Draws the next token, and ends the text where the request says so. */
  draw(prediction: Prediction): void {
    const { request } = this;
    const { id, logprob } = sampleToken(prediction, request, this.#random);
    const alternatives = request.alternatives ? likeliest(prediction.logits, request.alternatives) : [];
    if (request.stop.includes(id)) {
      this.#end("stop", { id, logprob, alternatives });
      return;
    }
    this.#ids.push(id);
    this.#logprobs.push(logprob);
    if (request.alternatives) this.#alternatives.push(alternatives);
    request.onToken?.(id, logprob);
    if (request.until?.(this.#ids)) this.#end("stop");
    else if (this.#ids.length >= request.maxTokens || this.length >= this.#context) this.#end("length");
  }

  #end(finishReason: GenerateResult["finishReason"], end?: GenerateResult["end"]): void {
    this.ended = true;
    this.#resolve({
      ids: this.#ids,
      logprobs: this.#logprobs,
      alternatives: this.#alternatives,
      ...(end ? { end } : {}),
      finishReason,
    });
  }
}
