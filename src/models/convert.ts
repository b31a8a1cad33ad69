import { AIMessage, type BaseMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import type { Message } from "../message.js";

/** One of our messages in LangChain's classes. */
export function toLangChain({ role, content }: Message): BaseMessage {
  if (role === "system") return new SystemMessage(content);
  return role === "user" ? new HumanMessage(content) : new AIMessage(content);
}

const ROLES: Readonly<Record<string, Message["role"]>> = { system: "system", human: "user", ai: "assistant" };

/** One of LangChain's messages as ours: text only. Throws on roles that our models do not know (tools, functions). */
export function fromLangChain(message: BaseMessage): Message {
  const role = ROLES[message.type];
  if (!role) throw new Error(`an embedded model knows no messages of type ${message.type}`);
  return { role, content: message.text };
}
