import type { AIMessageChunk } from "@langchain/core/messages";
import { ChatOpenAICompletions } from "@langchain/openai";
import type { ChatCallOptions } from "../embedded/model.js";
import type { ModelFields } from "../providers/schema.js";
import { apiKeyOf } from "./address.js";
import type { Answered } from "./answered.js";
import { openAIFetch } from "./fetch.js";

/** The longest that a timer can be set to. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** ChatOpenAI reads temperature and length from its constructor only; our callers give them with each call. */
class OpenAICompatibleChatModel extends ChatOpenAICompletions {
  /**
   * Without LangChain's callbacks, which the traffic's model around this one has seen to already: a second time would cost a tenth
   * of a call's processor time.
   */
  override async invoke(
    ...[input, options]: Parameters<ChatOpenAICompletions["invoke"]>
  ): Promise<AIMessageChunk> {
    const messages = ChatOpenAICompletions._convertInputToPromptValue(input).toChatMessages();
    const { generations } = await this._generate(messages, (options ?? {}) as this["ParsedCallOptions"]);
    if (!generations[0]) throw new Error("the server's answer holds no choice");
    const { message, generationInfo } = generations[0];
    message.response_metadata = { ...generationInfo, ...message.response_metadata };
    return message as AIMessageChunk;
  }

  override invocationParams(
    options?: this["ParsedCallOptions"] & ChatCallOptions,
    extra?: { streaming?: boolean },
  ): ReturnType<ChatOpenAICompletions["invocationParams"]> {
    const { temperature, maxTokens, topP, seed } = options ?? {};
    const params = super.invocationParams(options, extra);
    // Some of OpenAI's own models know the limit by another name and refuse the usual one.
    const limit = "max_completion_tokens" in params ? "max_completion_tokens" : "max_tokens";
    return {
      ...params,
      ...(temperature === undefined ? {} : { temperature }),
      ...(maxTokens === undefined ? {} : { [limit]: maxTokens }),
      ...(topP === undefined ? {} : { top_p: topP }),
      ...(seed === undefined ? {} : { seed }),
    };
  }
}

/**
 * A model on an OpenAI-compatible server. The address must be named: no call goes to a host by default, none follows a
 * redirect to another one, and no key is taken from an environment variable that the fields do not name. Retries and
 * time-outs are the traffic's business.
 */
export function openAICompatible(
  model: string,
  address: string,
  fields: ModelFields,
  answered?: Answered,
): OpenAICompatibleChatModel {
  const key = apiKeyOf(fields);
  const [baseURL, ...query] = address.split("?");
  return new OpenAICompatibleChatModel({
    model,
    apiKey: key ?? "none",
    configuration: {
      baseURL,
      organization: null,
      project: null,
      fetch: openAIFetch({
        query: query.length === 0 ? "" : `?${query.join("?")}`,
        keyed: key !== null,
        answered,
      }),
      // The client's own limit of ten minutes would come before a longer one of the user's.
      timeout: LONGEST_TIMER_MS,
    },
    maxRetries: 0,
    modelKwargs: fields.parameters,
  });
}
