/** What is looked at in `tokenizer.json`. */
type Source = { added_tokens: readonly { content: string }[]; decoder?: unknown };

/**
 * Reads the bytes of UTF-8 that a token of the vocabulary stands for; null where the tokenizer's decoder makes them of several tokens
 * (word pieces, pieces with marks for spaces).
 */
export function byteReader({ added_tokens, decoder }: Source): (token: string) => number[] | null {
  const added = new Set(added_tokens.map(({ content }) => content));
  const kinds = JSON.stringify(decoder ?? null);
  const byteLevel = kinds.includes('"ByteLevel"');
  const fallback = kinds.includes('"ByteFallback"');
  return (token) => {
    const bytes = byteLevel ? lettersAsBytes(token) : null;
    if (bytes) return bytes;
    if (added.has(token)) return [...Buffer.from(token)];
    const [, hexadecimal] = (fallback && /^<0x([0-9A-F]{2})>$/.exec(token)) || [];
    return hexadecimal === undefined ? null : [Number.parseInt(hexadecimal, 16)];
  };
}

/** The bytes that the letters of a byte pair's token stand for; null where one stands for none. Added tokens are no exception. */
export function lettersAsBytes(token: string): number[] | null {
  const letters = [...token];
  const bytes = letters.flatMap((character) => BYTE_OF.get(character) ?? []);
  return bytes.length === letters.length ? bytes : null;
}

/** GPT-2's letters for bytes: printable ones stand for themselves, all others for 256 and on. */
const BYTE_OF: ReadonlyMap<string, number> = new Map(
  (() => {
    const isPrintable = (byte: number) =>
      (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    let next = 256;
    return Array.from({ length: 256 }, (_, byte): [string, number] => {
      if (isPrintable(byte)) return [String.fromCodePoint(byte), byte];
      next += 1;
      return [String.fromCodePoint(next - 1), byte];
    });
  })(),
);
