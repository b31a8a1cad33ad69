type AddedToken = {
  id: number;
  content: string;
  lstrip?: boolean;
  rstrip?: boolean;
  single_word?: boolean | null;
  normalized?: boolean | null;
};

/** The parts of `tokenizer.json` that decide whether texts fall into independent segments. */
export type TokenizerJson = { added_tokens?: AddedToken[]; pre_tokenizer?: unknown };

// A few megabytes of ids; conversations of a round fit many times over.
const REMEMBERED = 20_000;

/**
 * Speeds up an encoder for conversations, whose earlier turns come again with every new one: text between two added tokens
 * (`<|end|>` …) is tokenised on its own by every Hugging Face tokenizer, so its ids can be remembered. Tokenizers whose
 * added tokens reach into their surroundings, or that treat the first piece of a text differently, are left as they are.
 */
export function rememberSegments(
  json: TokenizerJson,
  encode: (text: string) => number[],
): (text: string) => number[] {
  const added = (json.added_tokens ?? []).filter(({ content, normalized }) => content !== "" && !normalized);
  const reaching = (json.added_tokens ?? []).some(
    ({ lstrip, rstrip, single_word }) => lstrip || rstrip || single_word,
  );
  // Metaspace may put a space before the first piece only.
  const firstDiffers = JSON.stringify(json.pre_tokenizer ?? null).includes("Metaspace");
  if (added.length === 0 || reaching || firstDiffers) return encode;
  const ids = new Map(added.map(({ content, id }) => [content, id]));
  // Longer tokens first, as the library's own splitter prefers them.
  const contents = [...ids.keys()].sort((a, b) => b.length - a.length);
  const boundary = new RegExp(`(${contents.map((content) => escapePattern(content)).join("|")})`);
  const known = new Map<string, number[]>();
  const segment = (text: string): number[] => {
    let encoded = known.get(text);
    if (!encoded) {
      encoded = encode(text);
      if (known.size >= REMEMBERED) known.clear();
      known.set(text, encoded);
    }
    return encoded;
  };
  return (text) => {
    const all: number[] = [];
    for (const part of text.split(boundary)) {
      if (part === "") continue;
      const id = ids.get(part);
      if (id !== undefined) all.push(id);
      else for (const one of segment(part)) all.push(one);
    }
    return all;
  };
}

function escapePattern(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&");
}
