import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Message } from "../message.js";

/** A chat whose residual stream is asked for, before the assistant's next turn or in it. */
export type HiddenReading = {
  messages: readonly Message[];
  /** The assistant's turn: then the mean over its tokens; the last token of the prompt if absent. */
  reply?: string;
  /** The block whose output it is, from 1; the number that `transformers` gives in `hidden_states`, without its last norm. */
  layer: number;
};

/** A model that can be looked into. */
export type HiddenModel = BaseChatModel & {
  layers: number;
  /** One vector a reading, in their order. */
  hiddenStates: (readings: readonly HiddenReading[]) => Promise<Float32Array[]>;
};

/** Whether a model tells its hidden states: those of the embedded engine do, servers do not. */
export function hasHiddenStates(model: BaseChatModel): model is HiddenModel {
  return "hiddenStates" in model && typeof model.hiddenStates === "function";
}
