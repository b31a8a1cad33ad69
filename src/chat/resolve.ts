import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { UserError } from "../errors.js";
import type { Scenario } from "../scenario/index.js";
import { nearest } from "../yaml/index.js";
import { openEmbedded } from "./embedded-pool.js";
import { minnowFolder, modelFolders } from "./folders.js";

/** A model as a scenario names it. */
export type ModelSpec = Scenario["models"]["assistant"];
/** The same with the name inside. */
export type ModelFields = Exclude<ModelSpec, string>;

export type ResolveOptions = {
  /** Folder of a LoRA adapter to fold into the weights: the assistant of a later round. Embedded models only. */
  adapter?: string | null;
  /** Threads of the embedded engine. */
  threads?: number;
};

/** Makes the model for what follows the prefix in its name; `rest` is empty where there is none. */
type ModelKind = (rest: string, fields: ModelFields, options: ResolveOptions) => Promise<BaseChatModel>;

const KINDS: Readonly<Record<string, ModelKind>> = {
  minnow: (rest, _fields, options) => openFolder(rest === "" ? minnowFolder() : rest, options),
  hf: (rest, _fields, options) => openFolder(rest, options),
  openai: async (rest, fields) => (await import("./openai.js")).openAICompatible(rest, fields),
};

const FORMS = [
  "minnow",
  "minnow:<checkpoint or adapter folder>",
  "hf:<checkpoint folder>",
  "openai:<model> with base_url",
];

/** The chat model that a scenario names. Throws UserError on an unknown name or a model that cannot be loaded. */
export async function resolveChatModel(
  spec: ModelSpec,
  options: ResolveOptions = {},
): Promise<BaseChatModel> {
  const fields = typeof spec === "string" ? { model: spec } : spec;
  const { kind, rest } = split(fields.model);
  if (options.adapter && kind !== "minnow" && kind !== "hf")
    throw new UserError(`${fields.model} cannot take an adapter; only minnow and hf: models can`);
  return await KINDS[kind]!(rest, fields, options);
}

/** The folder of a model that the embedded engine runs; null for any other. */
export async function embeddedFolder(spec: ModelSpec): Promise<string | null> {
  const { kind, rest } = split(typeof spec === "string" ? spec : spec.model);
  if (kind !== "minnow" && kind !== "hf") return null;
  if (rest === "") return minnowFolder();
  const { checkpoint, adapter } = await modelFolders(rest);
  return adapter ?? checkpoint;
}

/** Splits `hf:folder` into kind and rest. Throws UserError on a kind that does not exist or lacks its rest. */
function split(name: string): { kind: string; rest: string } {
  const [, kind = "", rest = ""] = /^([^:]*):?(.*)$/s.exec(name) ?? [];
  if (kind in KINDS && (rest !== "" || name === "minnow")) return { kind, rest };
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
