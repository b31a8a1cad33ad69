import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { UserError } from "../errors.js";
import { needPermission } from "../modules.js";

export type ModuleModel = {
  model: BaseChatModel;
  /** SHA-256 of the module's file, so that replies of an older version are not taken for those of this one. */
  version: string;
};

/**
 * A chat model that a module of the user's exports as `default` or `model`: a `BaseChatModel`, or a function that returns
 * one, which is given `{ adapter }`, the folder of a later round's adapter or null. Throws a UserError that says what is
 * wrong with the module.
 */
export async function openModule(path: string, adapter: string | null): Promise<ModuleModel> {
  needPermission(`module:${path} would run that file's code`);
  const file = resolve(path);
  const source = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`module:${path}: ${error.code === "ENOENT" ? "no such file" : error.message}`);
  });
  const exported = await load(path, file);
  let model: unknown = exported;
  if (typeof exported === "function") {
    model = await exported({ adapter });
  } else if (adapter !== null) {
    throw new UserError(
      `module:${path} exports one model, which cannot take an adapter; export a function ({ adapter }) => model`,
    );
  }
  if (!isChatModel(model))
    throw new UserError(
      `module:${path} must export a LangChain chat model, or a function that returns one, as default or as model`,
    );
  return { model, version: createHash("sha256").update(source).digest("hex") };
}

type Factory = (options: { adapter: string | null }) => unknown;

async function load(path: string, file: string): Promise<Factory | object | undefined> {
  try {
    const module = (await import(pathToFileURL(file).href)) as { default?: object; model?: object };
    return module.default ?? module.model;
  } catch (error) {
    throw new UserError(`module:${path} cannot be loaded: ${(error as Error).message}`);
  }
}

/** By what it can do: a module's own copy of LangChain has another class of the same name. */
function isChatModel(value: unknown): value is BaseChatModel {
  const model = value as Partial<BaseChatModel> | null | undefined;
  return typeof model?.invoke === "function" && typeof model._llmType === "function";
}
