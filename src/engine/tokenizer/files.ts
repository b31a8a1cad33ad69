import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../errors.js";

const specialToken = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();

const configSchema = z.looseObject({
  bos_token: specialToken,
  eos_token: specialToken,
  pad_token: specialToken,
  unk_token: specialToken,
  chat_template: z
    .union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))])
    .nullish(),
});

const eosSchema = z.looseObject({
  eos_token_id: z.union([z.number().int(), z.array(z.number().int())]).nullish(),
});

/** A tokenizer's files as they lie in a checkpoint's folder. */
export type TokenizerFiles = {
  tokenizer: object;
  config: object;
  /** `bos_token`, `eos_token`, `pad_token`, `unk_token`, where set. */
  specialTokens: Record<string, string>;
  chatTemplate: string | null;
  /** End-of-text ids that `config.json` and `generation_config.json` name. */
  eosTokenIds: number[];
};

/** Reads the tokenizer of a checkpoint's folder. Throws UserError on a missing or malformed file. */
export async function readTokenizerFiles(dir: string): Promise<TokenizerFiles> {
  const path = join(dir, "tokenizer_config.json");
  const tokenizer = parse(await required(join(dir, "tokenizer.json")), join(dir, "tokenizer.json"));
  const parsed = configSchema.safeParse(parse((await optional(path)) ?? "{}", path));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new UserError(`${path}: ${issue.path.join(".")}: ${issue.message}`);
  }
  const config = parsed.data;
  const specialTokens: Record<string, string> = {};
  for (const name of ["bos_token", "eos_token", "pad_token", "unk_token"] as const) {
    const token = config[name];
    if (token) specialTokens[name] = typeof token === "string" ? token : token.content;
  }
  const template = config.chat_template;
  const inConfig =
    typeof template === "string" ? template : template?.find(({ name }) => name === "default")?.template;
  return {
    tokenizer,
    config,
    specialTokens,
    // transformers 5 writes the template into a file of its own, which wins.
    chatTemplate: (await optional(join(dir, "chat_template.jinja"))) ?? inConfig ?? null,
    eosTokenIds: [
      ...(await eosIds(join(dir, "config.json"))),
      ...(await eosIds(join(dir, "generation_config.json"))),
    ],
  };
}

async function eosIds(path: string): Promise<number[]> {
  const text = await optional(path);
  if (text === null) return [];
  const parsed = eosSchema.safeParse(parse(text, path));
  return parsed.success ? [parsed.data.eos_token_id ?? []].flat() : [];
}

async function required(path: string): Promise<string> {
  const text = await optional(path);
  if (text === null) throw new UserError(`cannot read ${path}: there is no such file`);
  return text;
}

async function optional(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new UserError(`cannot read ${path}: ${code ?? error}`);
  }
}

function parse(text: string, path: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${(error as Error).message}`);
  }
}
