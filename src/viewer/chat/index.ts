import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { type ChatCallOptions, type ModelSpec, releaseModel, resolveChatModel } from "../../models/index.js";
import { NOTHING, type Permissions } from "../../permissions/index.js";
import { requireAssistant } from "../../scenario/index.js";
import type { ChatPiece, ChatRequest } from "../api.js";
import { type FoundRun, readFound } from "../folder/index.js";

/** Two checkpoints can be asked side by side. */
const MOST = 2;

export type ResolveModel = (
  spec: ModelSpec,
  options: { adapter: string | null; permissions: Permissions },
) => Promise<BaseChatModel>;

/** Talks with the checkpoints of runs. */
export type Chat = {
  /** The pieces of a reply as they come; a failure is the last piece. */
  reply: (run: FoundRun, request: ChatRequest, signal: AbortSignal) => AsyncGenerator<ChatPiece>;
  release: () => Promise<void>;
};

/** Keeps the models that were asked last in memory, and no more. */
export function openChat(resolve: ResolveModel = resolveChatModel, permissions: Permissions = NOTHING): Chat {
  const loaded = new Map<string, Promise<BaseChatModel>>();

  const load = async (run: FoundRun, round: number): Promise<BaseChatModel> => {
    const { manifest, disk } = await readFound(run);
    const { scenario } = manifest;
    requireAssistant(scenario, disk.paths.run, permissions);
    const adapter = round === 0 ? null : disk.paths.checkpoint(round);
    const key = `${run.folder} ${round}`;
    // Only what the run vouches for is opened: something else may stand in its place.
    if (adapter !== null && !loaded.has(key) && !(await disk.round(round).verifyCheckpoint()))
      throw new Error(`${run.id} has no checkpoint of round ${round}`);
    const model = loaded.get(key) ?? resolve(scenario.models.assistant, { adapter, permissions });
    loaded.delete(key);
    loaded.set(key, model);
    model.catch(() => loaded.delete(key)); // what is missing may be there next time
    for (const [oldest, old] of loaded) {
      if (loaded.size <= MOST) break;
      loaded.delete(oldest);
      await free(old);
    }
    return await model;
  };

  return {
    reply: async function* (run, { round, messages, temperature, max_tokens }, signal) {
      const start = performance.now();
      let tokens: number | null = null;
      try {
        const model = await load(run, round);
        const options: Partial<ChatCallOptions> = { temperature, maxTokens: max_tokens, signal };
        for await (const chunk of await model.stream(messages.map(toLangChain), options)) {
          tokens = chunk.usage_metadata?.output_tokens ?? tokens;
          if (chunk.text !== "") yield { text: chunk.text };
        }
        yield { end: { seconds: (performance.now() - start) / 1000, tokens } };
      } catch (error) {
        if (!signal.aborted) yield { error: (error as Error).message };
      }
    },
    release: async () => {
      const models = [...loaded.values()];
      loaded.clear();
      await Promise.all(models.map(free));
    },
  };
}

async function free(model: Promise<BaseChatModel>): Promise<void> {
  const found = await model.catch(() => undefined);
  if (found) await releaseModel(found);
}

function toLangChain({ role, content }: ChatRequest["messages"][number]) {
  if (role === "system") return new SystemMessage(content);
  return role === "user" ? new HumanMessage(content) : new AIMessage(content);
}
