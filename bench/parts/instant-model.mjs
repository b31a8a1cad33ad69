// @ts-check
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage } from "@langchain/core/messages";

/** A chat model that answers at once, by a function of how many answers it has given. */
export class InstantModel extends BaseChatModel {
  /** @type {(count: number) => string} */
  #answer;
  #count = 0;

  /** @param {(count: number) => string} answer */
  constructor(answer) {
    super({});
    this.#answer = answer;
  }

  /** @override */
  _llmType() {
    return "instant";
  }

  /** @override */
  async _generate() {
    this.#count += 1;
    const text = this.#answer(this.#count);
    return { generations: [{ text, message: new AIMessage(text) }] };
  }
}

const TURN = "I hear what you say, and it makes sense to me that this week was hard. ".repeat(3);

/**
 * Turns of two hundred letters, as a talk has, none like another: equal ones would share their memory.
 * @param {number} count
 */
export const turn = (count) => Buffer.from(`${TURN}${count}`).toString();
