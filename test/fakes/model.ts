import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import type { Message } from "../../src/models/types.js";

const ROLES: Record<string, Message["role"]> = { system: "system", human: "user", ai: "assistant" };

/** What a model says, and why it ended there if it tells. */
export type Answer = string | { text: string; finish: string };

/** A chat model that answers by a function of the conversation; what it throws is the model's failure. */
export class FakeModel extends BaseChatModel {
  readonly seen: Message[][] = [];
  readonly #answer: (messages: Message[]) => Answer | Promise<Answer>;

  constructor(answer: (messages: Message[]) => Answer | Promise<Answer>) {
    super({ maxRetries: 0 });
    this.#answer = answer;
  }

  override _llmType(): string {
    return "fake";
  }

  override async _generate(given: BaseMessage[]): Promise<ChatResult> {
    const messages = given.map((message) => ({ role: ROLES[message.type]!, content: message.text }));
    this.seen.push(messages);
    const answer = await this.#answer(messages);
    const { text, finish } = typeof answer === "string" ? { text: answer, finish: undefined } : answer;
    const response_metadata = finish === undefined ? {} : { finish_reason: finish };
    return { generations: [{ text, message: new AIMessage({ content: text, response_metadata }) }] };
  }
}
