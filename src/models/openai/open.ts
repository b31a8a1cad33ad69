import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { limitsOf } from "../limits/index.js";
import type { NamedModel, OpenContext } from "../providers/types.js";
import { addressOf, apiKeyOf, openAICompatible } from "./client.js";
import { postChat } from "./post.js";
import { openAIScorer } from "./scorer.js";

/** A model on a server; with an adapter, what that server or one of its own makes of the two. */
export async function openServed(
  { rest, fields }: NamedModel,
  { adapter, role, traffic, permissions }: OpenContext,
): Promise<BaseChatModel> {
  const address = addressOf(fields);
  const key = apiKeyOf(fields);
  const served =
    adapter === null
      ? null
      : await (await import("../adapters/index.js")).serveAdapter(adapter, fields, {
          address,
          key,
          permissions,
        });
  const name = served?.name ?? rest;
  const asked = { ...fields, base_url: served?.address ?? address };
  return traffic.wrap(openAICompatible(name, asked), {
    role,
    name: rest,
    baseUrl: address,
    version: served?.version ?? null,
    parameters: fields.parameters,
    ...limitsOf(fields),
    secrets: key === null ? [] : [key],
    score: openAIScorer(postChat(name, asked)),
    release: served?.release,
  });
}
