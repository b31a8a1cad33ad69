import {
  type EmbeddedChatModel,
  generateText,
  type ScoreRequest,
  type ScoreResult,
  type TextRequest,
  type TextResult,
  type Tokenizer,
} from "../models/index.js";

/** What answers for a model, in this process or in others. */
export type Engine = {
  tokenizer: Tokenizer;
  /** The model's longest text in tokens. */
  context: number;
  draw: (request: TextRequest) => Promise<TextResult>;
  score: (request: ScoreRequest) => Promise<ScoreResult>;
};

/** A model of this process. */
export function engineOf(model: EmbeddedChatModel): Engine {
  const { generator, tokenizer } = model;
  return {
    tokenizer,
    context: generator.context,
    draw: (request) => generateText(model, request),
    score: async (request) => (await generator.score([request]))[0]!,
  };
}
