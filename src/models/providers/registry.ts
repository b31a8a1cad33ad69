import { UserError } from "../../errors.js";
import { listed } from "../../listed.js";
import { nearest } from "../../yaml/index.js";
import { modelFolderIn } from "../embedded/model-folder.js";
import { hf } from "./hf.js";
import { minnow } from "./minnow.js";
import { module } from "./module.js";
import { openai } from "./openai.js";
import { type ModelFields, type ModelSpec, modelSpec } from "./schema.js";
import { MASK_REPLY, type NamedModel, type Provider } from "./types.js";

/** Where chat models come from, in the order in which messages name them. */
export const providers: readonly Provider[] = [minnow, hf, openai, module];

const FORMS = providers.flatMap(({ forms }) => forms);

/** A model as a scenario names it. */
export const modelSchema = modelSpec.describe(`A chat model: ${FORMS.join(", ")}, or fields.`);

/** A model's name, as it is written. */
export function modelName(spec: ModelSpec): string {
  return typeof spec === "string" ? spec : spec.model;
}

/** The provider of a model and its parts. Throws a UserError on a name that is none, with what was meant. */
export function named(spec: ModelSpec): NamedModel & { provider: Provider } {
  const found = findNamed(spec);
  if (found) return found;
  const name = modelName(spec);
  const [prefix = ""] = name.split(":");
  const near = nearest(
    prefix,
    providers.map((provider) => provider.prefix),
  );
  const provider = providers.find((one) => one.prefix === near);
  // Right so far, so what comes behind the colon is missing.
  const form = provider && (prefix === near ? provider.forms.at(-1) : provider.forms[0]);
  const meant = form ? `; did you mean ${form}?` : "";
  const folder = modelFolderIn(name);
  if (folder !== null)
    throw new UserError(
      `unknown model "${name}"; a folder is named with what it is before it: ${prefixesOf(folder)}`,
    );
  throw new UserError(`unknown model "${name}"${meant} (known: ${FORMS.join(", ")})`);
}

/** A model folder as each provider of such would have it named. */
function prefixesOf(folder: string): string {
  return listed(
    providers.filter(({ embedded }) => embedded).map(({ prefix }) => `${prefix}:${folder}`),
    "or",
  );
}

/** A model's name, taken apart, with its provider; null where nobody provides a model of that name. */
export function findNamed(spec: ModelSpec): (NamedModel & { provider: Provider }) | null {
  const name = modelName(spec);
  const [, prefix = "", rest = ""] = /^([^:]*):?(.*)$/s.exec(name) ?? [];
  const provider = providers.find((one) => one.prefix === prefix);
  if (!provider || (rest === "" && (!provider.bare || name !== prefix))) return null;
  return { provider, name, rest, fields: typeof spec === "string" ? { model: spec } : spec };
}

/** Fields that a model's provider does not know, with what to do about each. None where nobody provides the model. */
export function fieldProblems(spec: ModelSpec): { field: keyof ModelFields; message: string }[] {
  const found = findNamed(spec);
  if (!found) return [];
  const { fields, provider } = found;
  const known: readonly string[] = ["model", ...provider.fields];
  const strange = Object.entries(fields).filter(
    ([field, value]) => value !== undefined && !known.includes(field),
  );
  const what = provider.embedded
    ? `${found.name} runs in this process`
    : `models by ${provider.prefix}: take ${provider.fields.join(", ")}`;
  return strange.map(([field]) => ({
    field: field as keyof ModelFields,
    message: `${what}; leave ${field} out`,
  }));
}

/** Whether a model runs on the embedded engine, in this process. */
export function isEmbedded(spec: ModelSpec): boolean {
  return findNamed(spec)?.provider.embedded ?? false;
}

/** Longest reply of a model to a probe in tokens where nobody says another. */
export function longestReply(spec: ModelSpec): number {
  return findNamed(spec)?.provider.longestReply ?? MASK_REPLY;
}

/** The file or folder on this machine that a model's name leads to; null where it leads to none: opening it then says why. */
export function modelPath(spec: ModelSpec): string | null {
  const found = findNamed(spec);
  try {
    return found?.provider.path(found.rest) ?? null;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
