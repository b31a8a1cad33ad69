import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { UserError } from "../errors.js";
import type { Scenario } from "../scenario/index.js";
import { nearest } from "../yaml/index.js";
import { type ModelFolders, minnowFolder, modelFolders } from "./embedded/folders.js";
import { openEmbedded } from "./embedded/pool.js";
import { openTraffic, type Traffic } from "./limits/index.js";
import { silenceTracing } from "./tracing.js";

/** A model as a scenario names it. */
export type ModelSpec = Scenario["models"]["assistant"];
/** The same with the name inside. */
export type ModelFields = Exclude<ModelSpec, string>;

export type ResolveOptions = {
  /** Folder of a LoRA adapter to put on the model: the assistant of a later round. */
  adapter?: string | null;
  /** Threads of the embedded engine. */
  threads?: number;
  /** For what the model is asked: assistant, user, rater, judge. */
  role?: string;
  /** Rules and books for models that are not embedded; by default no cache, no budget. */
  traffic?: Traffic;
};

/** Makes the model for what follows the prefix in its name; `rest` is empty where there is none. */
type ModelKind = (rest: string, fields: ModelFields, options: ResolveOptions) => Promise<BaseChatModel>;

const KINDS: Readonly<Record<string, ModelKind>> = {
  minnow: (rest, _fields, options) => openFolder(minnowFolder(rest), options),
  hf: (rest, _fields, options) => openFolder(rest, options),
  openai: openServed,
  module: openCode,
};

const FORMS = [
  "minnow",
  "minnow:<1 to 8>",
  "minnow:<checkpoint or adapter folder>",
  "hf:<checkpoint folder>",
  "openai:<model> with base_url",
  "module:<file.js>",
];

/** The chat model that a scenario names. Throws UserError on an unknown name or a model that cannot be loaded. */
export async function resolveChatModel(
  spec: ModelSpec,
  options: ResolveOptions = {},
): Promise<BaseChatModel> {
  silenceTracing();
  const fields = typeof spec === "string" ? { model: spec } : spec;
  const { kind, rest } = split(fields.model);
  return await KINDS[kind]!(rest, fields, options);
}

/** Ends what a model holds: memory, an adapter's place on a server, a server of its own. */
export async function releaseModel(model: BaseChatModel): Promise<void> {
  if ("release" in model && typeof model.release === "function") await model.release();
}

/** Where a model lies that the embedded engine runs; null for any other. */
export async function embeddedSource(spec: ModelSpec): Promise<ModelFolders | null> {
  const { kind, rest } = split(typeof spec === "string" ? spec : spec.model);
  if (kind !== "minnow" && kind !== "hf") return null;
  return await modelFolders(kind === "minnow" ? minnowFolder(rest) : rest);
}

/** The folder of a model that the embedded engine runs; null for any other. */
export async function embeddedFolder(spec: ModelSpec): Promise<string | null> {
  const source = await embeddedSource(spec);
  return source && (source.adapter ?? source.checkpoint);
}

/** Splits `hf:folder` into kind and rest. Throws UserError on a kind that does not exist or lacks its rest. */
function split(name: string): { kind: string; rest: string } {
  const [, kind = "", rest = ""] = /^([^:]*):?(.*)$/s.exec(name) ?? [];
  if (Object.hasOwn(KINDS, kind) && (rest !== "" || name === "minnow")) return { kind, rest };
  const near = nearest(kind, Object.keys(KINDS));
  const form = FORMS.find((candidate) => candidate.startsWith(near ?? " "));
  const meant = form
    ? `; did you mean ${kind === near ? FORMS.findLast((f) => f.startsWith(near)) : form}?`
    : "";
  throw new UserError(`unknown model "${name}"${meant} (known: ${FORMS.join(", ")})`);
}

async function openFolder(
  folder: string,
  { adapter = null, threads }: ResolveOptions,
): Promise<BaseChatModel> {
  const found = await modelFolders(folder);
  if (adapter && found.adapter)
    throw new UserError(`${folder} is an adapter itself; name its checkpoint to put ${adapter} on it`);
  return await openEmbedded({ checkpoint: found.checkpoint, adapter: adapter ?? found.adapter, threads });
}

/** A model on a server; with an adapter, what that server or one of its own makes of the two. */
async function openServed(
  rest: string,
  fields: ModelFields,
  options: ResolveOptions,
): Promise<BaseChatModel> {
  const { addressOf, apiKeyOf, openAICompatible } = await import("./openai/client.js");
  const { postChat } = await import("./openai/post.js");
  const { openAIScorer } = await import("./openai/scorer.js");
  const { adapter = null, role = "assistant", traffic = openTraffic() } = options;
  const address = addressOf(fields);
  const key = apiKeyOf(fields);
  const served = adapter
    ? await (await import("./adapters/index.js")).serveAdapter(adapter, fields, { address, key })
    : null;
  const name = served?.name ?? rest;
  const baseUrl = served?.address ?? address;
  return traffic.wrap(openAICompatible(name, { ...fields, base_url: baseUrl }), {
    role,
    name: rest,
    baseUrl: address,
    version: served?.version ?? null,
    parameters: fields.parameters,
    maxConcurrency: fields.max_concurrency,
    perMinute: fields.requests_per_minute,
    timeoutMs: fields.timeout_s === undefined ? undefined : fields.timeout_s * 1000,
    secrets: key === null ? [] : [key],
    score: openAIScorer(postChat(name, { ...fields, base_url: baseUrl })),
    release: served?.release,
  });
}

async function openCode(path: string, fields: ModelFields, options: ResolveOptions): Promise<BaseChatModel> {
  const { adapter = null, role = "assistant", traffic = openTraffic() } = options;
  const { model, version } = await (await import("./module.js")).openModule(path, adapter);
  return traffic.wrap(model, {
    role,
    name: `module:${path}`,
    baseUrl: null,
    version: adapter === null ? version : `${version} ${adapter}`,
    parameters: fields.parameters,
    maxConcurrency: fields.max_concurrency,
    perMinute: fields.requests_per_minute,
    timeoutMs: fields.timeout_s === undefined ? undefined : fields.timeout_s * 1000,
  });
}
