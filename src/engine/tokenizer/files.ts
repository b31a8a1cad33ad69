import { join } from "node:path";
import { z } from "zod";
import { readCheckedJson } from "../../yaml/index.js";
import { readText, readTextIfThere } from "../files/read-text.js";

const specialToken = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();

const id = z.int().min(0);
/** Tokens by name; not zod's record, which would copy a hundred thousand of them, less one called `__proto__`. */
const vocabulary = z.custom<Record<string, number>>(
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((one) => Array.isArray(value) || Number.isSafeInteger(one)),
  "expected tokens with their ids or scores",
);
const tokenizerSchema = z.looseObject({
  added_tokens: z
    .array(
      z.looseObject({
        id,
        content: z.string(),
        lstrip: z.boolean().nullish(),
        rstrip: z.boolean().nullish(),
        single_word: z.boolean().nullish(),
        normalized: z.boolean().nullish(),
        special: z.boolean().nullish(),
      }),
    )
    .nullish()
    .transform((tokens) => tokens ?? []),
  model: z.looseObject({
    type: z.string().nullish(),
    vocab: vocabulary,
    merges: z.custom<unknown[]>(Array.isArray, "expected a list").nullish(),
  }),
});

const configSchema = z.looseObject({
  clean_up_tokenization_spaces: z.boolean().nullish(),
  clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output: z.boolean().nullish(),
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
  tokenizer: z.output<typeof tokenizerSchema>;
  config: object;
  /** Whether spaces before punctuation are taken out of what it decodes. */
  cleanUp: boolean;
  /** `bos_token`, `eos_token`, `pad_token`, `unk_token`, where set. */
  specialTokens: Record<string, string>;
  chatTemplate: string | null;
  /** End-of-text ids that `config.json` and `generation_config.json` name. */
  eosTokenIds: number[];
};

/** Reads the tokenizer of a checkpoint's folder. Throws UserError on a missing or malformed file. */
export async function readTokenizerFiles(dir: string): Promise<TokenizerFiles> {
  const path = join(dir, "tokenizer_config.json");
  const source = join(dir, "tokenizer.json");
  const tokenizer = readCheckedJson(tokenizerSchema, await readText(source), { file: source });
  const config = readCheckedJson(configSchema, (await readTextIfThere(path)) ?? "{}", { file: path });
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
    cleanUp: cleansUp(tokenizer.model, config),
    specialTokens,
    // transformers 5 writes the template into a file of its own, which wins.
    chatTemplate: (await readTextIfThere(join(dir, "chat_template.jinja"))) ?? inConfig ?? null,
    eosTokenIds: [
      ...(await eosIds(join(dir, "config.json"))),
      ...(await eosIds(join(dir, "generation_config.json"))),
    ],
  };
}

/**
 * As transformers from 5.7 on: only where it is asked for, and not for byte pairs, whose texts have their own spaces. (The tokenizer
 * library has it on unless told.)
 */
function cleansUp(
  { type, merges }: z.output<typeof tokenizerSchema>["model"],
  config: z.output<typeof configSchema>,
): boolean {
  if (!config.clean_up_tokenization_spaces) return false;
  const bytePairs = type === "BPE" || (!type && Array.isArray(merges));
  return (
    !bytePairs || Boolean(config.clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output)
  );
}

async function eosIds(path: string): Promise<number[]> {
  const text = await readTextIfThere(path);
  if (text === null) return [];
  return [readCheckedJson(eosSchema, text, { file: path }).eos_token_id ?? []].flat();
}
