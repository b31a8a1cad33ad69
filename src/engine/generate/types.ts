/** A token that could have stood somewhere, with the natural log of its probability. */
export type Alternative = { id: number; logprob: number };

/** A text to go on with. */
export type GenerateRequest = {
  /** The prompt's token ids, at least one. */
  ids: readonly number[];
  /** Most tokens to generate, at least one. */
  maxTokens: number;
  /** Logits are divided by it before the draw; 0 takes the most likely token. */
  temperature: number;
  /** Draws come from the smallest set of most likely tokens whose probability reaches this, in (0, 1]. */
  topP: number;
  /** Token ids that end the text; the one that did is not part of the result. */
  stop: readonly number[];
  /** Names the request's own random stream: equal seeds give equal draws, whatever else runs. */
  seed: number;
  /** Ends the text once it is true of the tokens so far, the last of them included; asked after every token. */
  until?: (ids: readonly number[]) => boolean;
  /** How many of the likeliest tokens to report at each position; none by default. */
  alternatives?: number;
  /** Told of each token as it is drawn (not of the stop token). */
  onToken?: (id: number, logprob: number) => void;
  signal?: AbortSignal;
};

export type GenerateResult = {
  ids: number[];
  /** Natural logs of the tokens' probabilities under the model itself (temperature 1, nothing cut off). */
  logprobs: number[];
  /** For each token, the likeliest ones in its place, best first. */
  alternatives: Alternative[][];
  /** The stop token that ended the text, which is no part of it, and what could have stood there; absent where none did. */
  end?: Alternative & { alternatives: Alternative[] };
  /** `length` when maxTokens or the model's context ran out. */
  finishReason: "stop" | "length";
};

/** A text whose likelihood is asked: `completion` after `prompt` (at least one token). */
export type ScoreRequest = {
  prompt: readonly number[];
  completion: readonly number[];
  /** How many of the likeliest tokens to report at each position; none by default. */
  alternatives?: number;
};

/** Natural logs of the completion's probabilities token by token, and the likeliest tokens in their places. */
export type ScoreResult = { logprobs: number[]; alternatives: Alternative[][] };

/** A text whose residual stream is asked for: its mean over the tokens from `from` on. */
export type HiddenRequest = {
  ids: readonly number[];
  /** The last block that has read it, from 1; the number that `transformers` gives in `hidden_states`. */
  layer: number;
  /** `ids.length - 1` for the last token alone. */
  from: number;
};

/** Counts since the generator was made. */
export type GeneratorStatistics = {
  /** Times that waiting requests entered the batch. */
  admissions: number;
  /** Decoding steps, each of one token for every row of the batch. */
  steps: number;
  promptTokens: number;
  /** Tokens of prompts and scored texts that had to be computed; the others were remembered. */
  readTokens: number;
  /** Tokens drawn, stop tokens included. */
  newTokens: number;
};

/** Samples from one model. Concurrent calls share batches; no result depends on what else runs. */
export type Generator = {
  generate: (requests: readonly GenerateRequest[]) => Promise<GenerateResult[]>;
  /** How likely each completion is after its prompt. */
  score: (requests: readonly ScoreRequest[]) => Promise<ScoreResult[]>;
  /** The residual stream of each text, its mean over the asked tokens. Compiled on first use. */
  hidden: (requests: readonly HiddenRequest[]) => Promise<Float32Array[]>;
  /** How many blocks the model has. */
  layers: number;
  /** The model's longest text in tokens. */
  context: number;
  /** What has run so far. */
  statistics: () => GeneratorStatistics;
  /** Frees the model once what was asked has been answered; later calls fail. */
  release: () => Promise<void>;
};
