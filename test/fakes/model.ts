import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import type { Message } from "../../src/models/message.js";

const ROLES: Record<string, Message["role"]> = { system: "system", human: "user", ai: "assistant" };

/** A chat model that answers by a function of the conversation; what it throws is the model's failure. */
export class FakeModel extends BaseChatModel {
  readonly seen: Message[][] = [];
  readonly #answer: (messages: Message[]) => string | Promise<string>;

  constructor(answer: (messages: Message[]) => string | Promise<string>) {
    super({ maxRetries: 0 });
    this.#answer = answer;
  }

  override _llmType(): string {
    return "fake";
  }

  override async _generate(given: BaseMessage[]): Promise<ChatResult> {
    const messages = given.map((message) => ({ role: ROLES[message.type]!, content: message.text }));
    this.seen.push(messages);
    const text = await this.#answer(messages);
    return { generations: [{ text, message: new AIMessage(text) }] };
  }
}
