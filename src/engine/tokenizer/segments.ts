import { type AddedToken, addedTokenFinder } from "./added-tokens.js";
import { isNormalized, type Library } from "./library.js";

/** What is looked at in `tokenizer.json`. */
type Source = {
  added_tokens: readonly (AddedToken & { normalized?: boolean | null; special?: boolean | null })[];
  pre_tokenizer?: unknown;
};

// A few megabytes of ids; conversations of a round fit many times over.
const REMEMBERED = 20_000;

/**
 * Makes token ids of texts in the order of Hugging Face's tokenizers: added tokens that are taken as they stand, the normalizer, those
 * that are normalized, then pieces of words. (The JavaScript library looks for both kinds among the words as well.)
 * Text between two added tokens (`<|end|>` …) stands for itself, so the ids of a conversation's earlier turns are remembered.
 */
export function encoder(source: Source, library: Library): (text: string) => number[] {
  const normalize = (text: string): string => library.normalizer?.normalize(text) ?? text;
  const tokens = source.added_tokens;
  const findPlain = addedTokenFinder(tokens.filter((token) => !isNormalized(token)));
  const findNormalized = addedTokenFinder(
    tokens
      .filter((token) => isNormalized(token))
      .map((token) => ({ ...token, content: normalize(token.content) })),
  );
  const words = wordSplitter(source, library);
  const pieces = (text: string, isFirst: boolean): number[] => {
    const { model } = library;
    if (!model) return [];
    // What is in no vocabulary that has no token for such is left out, as there.
    return model
      ._call(words(text, isFirst))
      .flatMap((piece) => model.tokens_to_ids.get(piece) ?? model.unk_token_id ?? []);
  };
  // Metaspace may put a space before the first piece only.
  const firstDiffers = JSON.stringify(source.pre_tokenizer ?? null).includes("Metaspace");
  const segment = remember((text, isFirst) =>
    findNormalized(normalize(text)).flatMap((part) =>
      "id" in part ? [part.id] : pieces(part.text, isFirst && part.at === 0),
    ),
  );
  return (text) => {
    const all: number[] = [];
    for (const part of findPlain(text)) {
      if ("id" in part) all.push(part.id);
      else for (const id of segment(part.text, firstDiffers && part.at === 0)) all.push(id);
    }
    return all;
  };
}

/** Pre-tokenizers that split at JavaScript's spaces, which are not Unicode's: U+FEFF is none there, and U+0085 is. */
const AT_SPACES = /"(?:BertPreTokenizer|Whitespace|WhitespaceSplit)"/u;

function wordSplitter(
  { pre_tokenizer }: Source,
  library: Library,
): (text: string, isFirst: boolean) => string[] {
  const split = (text: string, isFirst: boolean): string[] =>
    library.pre_tokenizer?.pre_tokenize(text, { section_index: isFirst ? 0 : 1 }) ?? [text];
  if (!AT_SPACES.test(JSON.stringify(pre_tokenizer ?? null))) return split;
  // U+FFFE is no character, and stands for U+FEFF meanwhile.
  return (text, isFirst) =>
    split(text.replaceAll("\u0085", " ").replaceAll("\ufeff", "\ufffe"), isFirst).map((word) =>
      word.replaceAll("\ufffe", "\ufeff"),
    );
}

type Segment = (text: string, isFirst: boolean) => readonly number[];

function remember(encode: Segment): Segment {
  const known = new Map<string, readonly number[]>();
  return (text, isFirst) => {
    const key = `${isFirst ? 1 : 0}${text}`;
    let ids = known.get(key);
    if (!ids) {
      ids = encode(text, isFirst);
      if (known.size >= REMEMBERED) known.clear();
      known.set(key, ids);
    }
    return ids;
  };
}
