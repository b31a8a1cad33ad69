import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";

/** A chat model that answers at once, by a function of how many answers it has given. */
export class InstantModel extends BaseChatModel {
  readonly #answer: (count: number) => string;
  #count = 0;

  constructor(answer: (count: number) => string) {
    super({});
    this.#answer = answer;
  }

  override _llmType(): string {
    return "instant";
  }

  override async _generate(): Promise<ChatResult> {
    this.#count += 1;
    const text = this.#answer(this.#count);
    return { generations: [{ text, message: new AIMessage(text) }] };
  }
}

const TURN = "I hear what you say, and it makes sense to me that this week was hard. ".repeat(3);

/** Turns of two hundred letters, as a talk has, none like another: equal ones would share their memory. */
export const turn = (count: number): string => Buffer.from(`${TURN}${count}`).toString();
