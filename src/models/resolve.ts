import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { UserError } from "../errors.js";
import { NOTHING, type Permissions } from "../permissions/index.js";
import { modelFolders } from "./embedded/folders.js";
import { openTraffic } from "./limits/index.js";
import { fieldProblems, named } from "./providers/registry.js";
import type { ModelSpec } from "./providers/schema.js";
import type { ModelDescription, ModelFolders, OpenContext } from "./providers/types.js";
import { silenceTracing } from "./tracing.js";

export type ResolveOptions = Partial<OpenContext>;

/**
 * The chat model that a scenario names. Throws a UserError on an unknown name, on fields that its provider does not know, and on a
 * model that cannot be opened. By default no adapter, no cache, no budget and no permissions.
 */
export async function resolveChatModel(
  spec: ModelSpec,
  options: ResolveOptions = {},
): Promise<BaseChatModel> {
  silenceTracing();
  const { provider, ...model } = named(spec);
  const [problem] = fieldProblems(spec);
  if (problem) throw new UserError(`${model.name}: ${problem.message}`);
  const {
    adapter = null,
    role = "assistant",
    threads,
    traffic = openTraffic(),
    permissions = NOTHING,
  } = options;
  const takes = adapter === null || (await provider.describe(model, permissions)).takesAdapters;
  const opened = await provider.open(model, { adapter, role, threads, traffic, permissions });
  if (takes) return opened;
  // What a provider forgot to refuse would be asked, and measured, without what it learnt.
  await releaseModel(opened);
  throw new UserError(`${model.name} takes no adapter, so ${adapter} cannot be put on it`);
}

/** Ends what a model holds: memory, an adapter's place on a server, a server of its own. */
export async function releaseModel(model: BaseChatModel): Promise<void> {
  if ("release" in model && typeof model.release === "function") await model.release();
}

/** Throws a UserError on a name that no model can have, wherever it leads. */
export function requireModelName(spec: ModelSpec): void {
  const { provider, rest } = named(spec);
  provider.path(rest);
}

/** What is known of a model before it is opened. Throws a UserError on a name that is none or leads nowhere. */
export async function describeModel(
  spec: ModelSpec,
  permissions: Permissions = NOTHING,
): Promise<ModelDescription> {
  const { provider, ...model } = named(spec);
  return await provider.describe(model, permissions);
}

/** Where a model lies that the embedded engine runs; null for any other. */
export async function embeddedSource(
  spec: ModelSpec,
  permissions: Permissions = NOTHING,
): Promise<ModelFolders | null> {
  const { provider, rest } = named(spec);
  const folder = provider.embedded ? provider.path(rest) : null;
  return folder === null ? null : await modelFolders(folder, permissions);
}

/** The folder of a model that the embedded engine runs; null for any other. */
export async function embeddedFolder(
  spec: ModelSpec,
  permissions: Permissions = NOTHING,
): Promise<string | null> {
  const source = await embeddedSource(spec, permissions);
  return source && (source.adapter ?? source.checkpoint);
}
