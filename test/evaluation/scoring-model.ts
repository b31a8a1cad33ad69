import type { Message, ScoredCompletion } from "../../src/models/index.js";
import { FakeModel } from "../fakes/model.js";

/** What a made-up model gives to the first word of its reply: text to probability. */
export type FirstWords = Readonly<Record<string, number>>;

/** A model that tells how probable each of some first words is; any other has none. */
export class ScoringFake extends FakeModel {
  readonly scored: Message[][] = [];
  readonly #words: (messages: readonly Message[]) => FirstWords;

  constructor(words: (messages: readonly Message[]) => FirstWords) {
    super(() => {
      throw new Error("no reply is needed");
    });
    this.#words = words;
  }

  async scoreCompletions(
    messages: readonly Message[],
    candidates: readonly string[],
  ): Promise<ScoredCompletion[]> {
    this.scored.push([...messages]);
    const words = this.#words(messages);
    return candidates.map((text) => ({ tokens: [text], logprobs: [Math.log(words[text] ?? 0)] }));
  }
}
