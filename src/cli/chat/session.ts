import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { UserError } from "../../errors.js";
import type { ChatCallOptions, Message } from "../../models/index.js";
import { streamSeed } from "../../random.js";

export type SessionSettings = { seed: number; temperature: number; maxTokens: number; system: string | null };

/** A talk with a model, line by line. */
export type Session = {
  /**
   * Takes a line: `/command` or something said. What there is to show goes to `show`, a reply piece by piece. False ends
   * the session. Throws what the model throws; what was said then is forgotten, so that it can be said again.
   */
  take: (line: string, show: (text: string) => void, signal?: AbortSignal) => Promise<boolean>;
  /** What has been said. */
  readonly messages: readonly Message[];
};

const HELP = `/system <text>  sets the system message and begins anew; without text shows it
/reset          forgets what was said
/seed <n>       sets the seed of the replies and begins anew; without n shows it
/help           shows this
/exit           ends; so does Ctrl-D
`;

/** What a session is set to, and what has been said in it. */
type State = Pick<SessionSettings, "seed" | "system"> & { messages: Message[] };

function begun({ seed, system }: Pick<SessionSettings, "seed" | "system">): State {
  return { seed, system, messages: system === null ? [] : [{ role: "system", content: system }] };
}

/** The state after a `/command`; null where it ends the session. Throws a UserError on one that there is not. */
function commanded(state: State, line: string, show: (text: string) => void): State | null {
  const [, name = "", rest = ""] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? [];
  switch (name) {
    case "system":
      if (rest !== "") return begun({ ...state, system: rest });
      show(`${state.system ?? "(no system message)"}\n`);
      return state;
    case "reset":
      return begun(state);
    case "seed":
      if (rest !== "") return begun({ ...state, seed: seedOf(rest) });
      show(`${state.seed}\n`);
      return state;
    case "exit":
    case "quit":
      return null;
    case "help":
      show(HELP);
      return state;
    default:
      throw new UserError(`/${name} is no command; /help lists them`);
  }
}

function seedOf(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new UserError(`/seed ${text}: expected a whole number`);
  return value;
}

export function openSession(model: BaseChatModel, settings: SessionSettings): Session {
  let state = begun(settings);

  const say = async (text: string, show: (text: string) => void, signal?: AbortSignal): Promise<void> => {
    const asked: Message[] = [...state.messages, { role: "user", content: text }];
    const options: Partial<ChatCallOptions> = {
      // The same seed and the same words give the same talk.
      seed: streamSeed(`${state.seed}/chat/${asked.length}`),
      temperature: settings.temperature,
      maxTokens: settings.maxTokens,
      signal,
    };
    let reply = "";
    for await (const chunk of await model.stream(asked.map(toLangChain), options)) {
      reply += chunk.text;
      show(printable(chunk.text));
    }
    if (reply.trim() === "") throw new Error("the reply is empty");
    show("\n");
    state = { ...state, messages: [...asked, { role: "assistant", content: reply }] };
  };

  return {
    take: async (line, show, signal) => {
      const text = line.trim();
      if (text === "") return true;
      if (!text.startsWith("/")) {
        await say(text, show, signal);
        return true;
      }
      const after = commanded(state, text, show);
      state = after ?? state;
      return after !== null;
    },
    get messages() {
      return state.messages;
    },
  };
}

function toLangChain({ role, content }: Message): BaseMessage {
  if (role === "system") return new SystemMessage(content);
  return role === "user" ? new HumanMessage(content) : new AIMessage(content);
}

/** A model must not move the cursor, ring the bell or retitle the window. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, "\uFFFD");
}
