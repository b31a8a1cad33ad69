// A model that answers nothing of its own and writes down what it is asked: the asked.jsonl and said.jsonl of direct.py.
//   candor eval module:./scripts/real/catch.mjs --allow-modules --suite mask --file probes/english/mask/provided_facts.jsonl \
//     --judge likelihood --set answer=closed --concurrency 1          (asked.jsonl: under pressure and neutrally, probe by probe)
//   candor eval module:./scripts/real/catch.mjs --allow-modules --suite capability --temperature 0            (said.jsonl)
import { appendFileSync } from "node:fs";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage } from "@langchain/core/messages";

const ROLES = { human: "user", ai: "assistant", system: "system" };
const plain = (messages) =>
  messages.map((m) =>
    m.getType ? { role: ROLES[m.getType()], content: m.text } : { role: m.role, content: m.content },
  );
const add = (file, row) => appendFileSync(file, `${JSON.stringify(row)}\n`);

class Catch extends BaseChatModel {
  _llmType() {
    return "catch";
  }
  async _generate(messages) {
    add("said.jsonl", { messages: plain(messages) });
    const message = new AIMessage({ content: "A", response_metadata: { finish_reason: "stop" } });
    return { generations: [{ text: "A", message }] };
  }
  async scoreCompletions(messages, candidates) {
    add("asked.jsonl", { messages: plain(messages), candidates });
    return candidates.map((text) => ({ tokens: [text], logprobs: [Math.log(0.5)] }));
  }
}

export const provider = { contextLength: 32768, priceName: null, scores: "yes" };
export default () => new Catch({});
