import { limitsOf, type TrafficChatModel } from "../limits/index.js";
import type { NamedModel, OpenContext } from "../providers/types.js";
import { addressesOf, apiKeyOf } from "./address.js";
import { answeredAs } from "./answered.js";
import { openAICompatible } from "./client.js";
import { postChat } from "./post.js";
import { openAIScorer } from "./scorer.js";

/**
 * A model on a server, or on several that are taken for one: each call goes to the least busy of them that is there. With an
 * adapter, what those servers or one of its own make of the two.
 */
export async function openServed(
  { rest, fields }: NamedModel,
  { adapter, role, traffic, permissions }: OpenContext,
): Promise<TrafficChatModel> {
  const addresses = addressesOf(fields);
  const key = apiKeyOf(fields);
  const served =
    adapter === null
      ? null
      : await (await import("../adapters/index.js")).serveAdapter(
          adapter,
          fields,
          { addresses, key },
          permissions,
        );
  const name = served?.name ?? rest;
  const asked = served?.addresses ?? addresses;
  const hear = traffic.hearer(rest);
  const without = served !== null && fields.adapters === "vllm" ? rest : null;
  const answered = answeredAs({ asked: name, without }, hear);
  const models = new Map(
    asked.map((address) => [address, openAICompatible(name, address, fields, answered)]),
  );
  return traffic.wrap((address) => models.get(address ?? asked[0])!, {
    role,
    name: rest,
    baseUrl: addresses[0],
    addresses: asked,
    version: served?.version ?? null,
    parameters: fields.parameters,
    ...limitsOf(fields),
    secrets: key === null ? [] : [key],
    score: openAIScorer(postChat(name, { ...fields, base_url: asked }, answered)),
    release: served?.release,
  });
}
