// A provider of chat models: any LangChain chat model, in any role of a scenario.
// Check that it is right:     candor check FILE --allow-modules
// In a scenario:              models: { user: { model: "module:FILE", options: { habit: "please." } } }
// Then:                       candor run scenario.yaml --allow-modules
//
// This one is a user who says the same again, with a word of its own at the end. Replace `_generate` by a call of your model.

import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage } from "@langchain/core/messages";
import { z } from "zod";

class Insistent extends BaseChatModel {
  constructor(habit) {
    super({});
    this.habit = habit;
  }

  _llmType() {
    return "NAME";
  }

  // `messages` are what this role has heard: system prompt first, the others' turns as human messages.
  // `options` has seed, temperature, maxTokens and signal. Follow the seed if you can: it is what makes runs repeatable.
  async _generate(messages, options) {
    const own = messages.findLast((message) => message.getType() === "ai");
    const heard = own ?? messages.find((message) => message.getType() === "human");
    const text = `${heard?.text ?? "help me."} ${this.habit}`.trim();
    // finish_reason tells a reply that was broken off ("length") from a whole one ("stop").
    const message = new AIMessage({ content: text, response_metadata: { finish_reason: "stop" } });
    return { generations: [{ text, message }] };
  }
}

// What is known of the model before it is opened; all of it may be left out.
export const provider = {
  language: "minnow", // of the shipped probes that it is asked, and of the packs that it can play; english if absent
  contextLength: null, // tokens that it reads; null: nobody knows
  priceName: null, // its name in the price file of `budget`; null: it costs nothing
  scores: "no", // whether it has scoreCompletions(messages, candidates), the logarithms of their probabilities
  takesAdapters: false, // whether it can be the assistant that is trained
  options: z.strictObject({ habit: z.string().default("please.") }), // checked before anything is played
};

// adapter: folder of the round's adapter, or null; role: assistant, user, rater or judge; threads; options.
export default ({ options }) => new Insistent(options.habit);
