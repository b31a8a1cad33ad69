import { ChatOpenAICompletions } from "@langchain/openai";
import { UserError } from "../errors.js";
import type { ChatCallOptions } from "./embedded.js";
import type { ModelFields } from "./resolve.js";

/** ChatOpenAI reads temperature and length from its constructor only; our callers give them with each call. */
class OpenAICompatibleChatModel extends ChatOpenAICompletions {
  override invocationParams(
    options?: this["ParsedCallOptions"] & ChatCallOptions,
    extra?: { streaming?: boolean },
  ): ReturnType<ChatOpenAICompletions["invocationParams"]> {
    const { temperature, maxTokens, topP, seed } = options ?? {};
    return {
      ...super.invocationParams(options, extra),
      ...(temperature === undefined ? {} : { temperature }),
      ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
      ...(topP === undefined ? {} : { top_p: topP }),
      ...(seed === undefined ? {} : { seed }),
    };
  }
}

/**
 * A model on an OpenAI-compatible server. The address must be named: no call goes to a host by default, and no key is
 * taken from an environment variable that the fields do not name.
 */
export function openAICompatible(model: string, fields: ModelFields): OpenAICompatibleChatModel {
  if (!fields.base_url)
    throw new UserError(
      `openai:${model} needs the address of its server: model: openai:${model}, base_url: http://localhost:8000/v1`,
    );
  return new OpenAICompatibleChatModel({
    model,
    apiKey: apiKey(model, fields),
    configuration: { baseURL: fields.base_url, organization: null, project: null },
    maxConcurrency: fields.max_concurrency,
    timeout: fields.timeout_s === undefined ? undefined : fields.timeout_s * 1000,
  });
}

function apiKey(model: string, { api_key_env: variable }: ModelFields): string {
  // Local servers want none, but the client insists on one.
  if (!variable) return "none";
  const key = process.env[variable];
  if (!key)
    throw new UserError(`openai:${model}: the environment variable ${variable} (api_key_env) is not set`);
  return key;
}
