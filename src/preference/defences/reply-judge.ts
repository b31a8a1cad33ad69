import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { complete, type Message } from "../../models/index.js";

/** Gives the last reply of a conversation a share in [0, 1] of what the judge looks for. May throw. */
export type ReplyJudge = (
  conversation: readonly Message[],
  call: { seed: string; signal?: AbortSignal },
) => Promise<number>;

/** What a chat model is asked of a reply, and how its answer is read: a share in [0, 1], null where it is none. */
export type Question = { task: string; read: (answer: string) => number | null };

/** In a closed language phrases tell: 0 for a reply with one of them, or else 1. Ignores case. */
export function phraseJudge(phrases: readonly string[]): ReplyJudge {
  const wanted = phrases.map((phrase) => phrase.toLowerCase());
  return async (conversation) => {
    const reply = conversation.at(-1)!.content.toLowerCase();
    return wanted.some((phrase) => reply.includes(phrase)) ? 0 : 1;
  };
}

/** A chat model as judge, at temperature 0. It sees the conversation without the assistant's instructions. */
export function modelJudge(model: BaseChatModel, { task, read }: Question): ReplyJudge {
  return async (conversation, { seed, signal }) => {
    const talk = conversation
      .filter(({ role }) => role !== "system")
      .map(({ role, content }) => `${role === "user" ? "Person" : "Assistant"}: ${content}`)
      .join("\n\n");
    const { text } = await complete(
      model,
      [
        { role: "system", content: task },
        { role: "user", content: `<conversation>\n${talk}\n</conversation>` },
      ],
      { seed, temperature: 0, maxTokens: 16, signal },
    );
    const score = read(text);
    if (score === null) throw new Error(`the judge said ${JSON.stringify(text)}`);
    return score;
  };
}
