import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { z } from "zod";
import { UserError } from "../../errors.js";
import { faultsNamed } from "../../module-fault.js";
import { takenOptions } from "../../module-options.js";
import { importFile, type Permissions, requireCode } from "../../permissions/index.js";
import { checked } from "../../yaml/index.js";
import type { ModelDescription } from "../providers/types.js";

/** What a module's function is called with. */
export type ModuleContext = {
  /** Folder of a later round's adapter, or null. */
  adapter: string | null;
  /** assistant, user, rater, judge. */
  role: string;
  /** Threads that the user allows; null where nothing is said. */
  threads: number | null;
  /** The field `options` of the scenario, as the module's own schema gives it back. */
  options: Readonly<Record<string, unknown>>;
};

export type ModuleModel = {
  model: BaseChatModel;
  /** SHA-256 of the module's file, so that replies of an older version are not taken for those of this one. */
  version: string;
  options: Readonly<Record<string, unknown>>;
};

/** What a module may export as `provider`: facts of its models, and a schema (of zod, or with the same `safeParse`) for options. */
const aboutSchema = z.strictObject({
  language: z.string().min(1).default("english"),
  contextLength: z.int().positive().nullable().default(null),
  priceName: z.string().min(1).nullable().default(null),
  scores: z.enum(["yes", "no", "asked"]).default("asked"),
  takesAdapters: z.boolean().optional(),
  options: z
    .custom<z.ZodType<Record<string, unknown>>>(
      (schema) => typeof (schema as Partial<z.ZodType> | null)?.safeParse === "function",
      "expected a schema with safeParse, as zod's",
    )
    .optional(),
});

type Factory = (context: ModuleContext) => unknown;
type Loaded = {
  exported: Factory | object | undefined;
  about: z.output<typeof aboutSchema>;
  version: string;
};

/** What a module says of its models, or the defaults. Throws a UserError where it may not run or says it wrongly. */
export async function describeModule(path: string, permissions: Permissions): Promise<ModelDescription> {
  const { exported, about } = await load(path, permissions);
  const { options: _options, takesAdapters = typeof exported === "function", ...facts } = about;
  return { ...facts, takesAdapters };
}

/**
 * A chat model that a module of the user's exports as `default` or `model`: a `BaseChatModel`, or a function of the context
 * that returns one. Throws a UserError that says what is wrong with the module or its options.
 */
export async function openModule(
  path: string,
  context: ModuleContext,
  permissions: Permissions,
): Promise<ModuleModel> {
  const { exported, about, version } = await load(path, permissions);
  const from = { file: resolve(path), schema: about.options, where: `module:${path}` };
  const options = takenOptions(from, context.options) ?? {};
  let model: unknown = exported;
  const takesAdapters = about.takesAdapters ?? typeof exported === "function";
  if (context.adapter !== null && !takesAdapters)
    throw new UserError(
      typeof exported === "function"
        ? `module:${path} says that its models take no adapters`
        : `module:${path} exports one model, which cannot take an adapter; export a function ({ adapter }) => model`,
    );
  if (typeof exported === "function") {
    const make = faultsNamed({ path, part: "the model's function" }, (given: ModuleContext): unknown =>
      exported(given),
    );
    model = await make({ ...context, options });
  }
  if (!isChatModel(model))
    throw new UserError(
      `module:${path} must export a LangChain chat model, or a function that returns one, as default or as model`,
    );
  return { model, version, options };
}

async function load(path: string, permissions: Permissions): Promise<Loaded> {
  requireCode(permissions, `module:${path} would run that file's code`);
  const file = resolve(path);
  // Suites and stages are looked for beside the scenario; a model may be named where there is none.
  if (!existsSync(file))
    throw new UserError(
      `module:${path}: no such file; a model's file is looked for from the folder in which candor is started`,
    );
  const module = (await importFile(file, `module:${path}`)) as {
    default?: object;
    model?: object;
    provider?: unknown;
  };
  const source = await readFile(file);
  const about = checked(aboutSchema, module.provider ?? {}, (problem, field) => {
    return new UserError(`module:${path}: its export provider${field === "" ? ": " : "."}${problem}`);
  });
  const version = createHash("sha256").update(source).digest("hex");
  return { exported: module.default ?? module.model, about, version };
}

/** By what it can do: a module's own copy of LangChain has another class of the same name. */
function isChatModel(value: unknown): value is BaseChatModel {
  const model = value as Partial<BaseChatModel> | null | undefined;
  return typeof model?.invoke === "function" && typeof model._llmType === "function";
}
