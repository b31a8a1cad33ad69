/**
 * Where tokens stand in a text, in characters (code points) from its beginning; of a token that is a part of a letter, where that
 * letter stands. Tokens follow each other. One that the text does not show (a marker, or a letter that was made small for the
 * model) stands where the one before it ended, or where the text says it in other letters.
 */
export function placeTokens(text: string, tokens: readonly (readonly number[])[]): number[] {
  const bytes = Buffer.from(text);
  const offsets = characterOffsets(bytes);
  let at = 0;
  return tokens.map((token) => {
    const found = find(bytes, Buffer.from(token), at);
    if (found) at = found.end;
    return offsets[found ? found.start : at]!;
  });
}

// Further on than this a token is not looked for: its like may stand anywhere.
const SPACES = 8;

function find(bytes: Buffer, token: Buffer, at: number): { start: number; end: number } | null {
  if (token.length === 0) return null;
  if (bytes.subarray(at, at + token.length).equals(token)) return { start: at, end: at + token.length };
  const wanted = token.toString().trim().toLowerCase();
  if (wanted === "") return null;
  const near = bytes.subarray(at, at + token.length + SPACES).toString();
  const spaces = near.length - near.trimStart().length;
  if (!near.slice(spaces).toLowerCase().startsWith(wanted)) return null;
  const start = at + Buffer.byteLength(near.slice(0, spaces));
  return { start, end: start + Buffer.byteLength(near.slice(spaces, spaces + wanted.length)) };
}

/** The character that each byte of a text is a part of, and one more for its end. */
function characterOffsets(bytes: Buffer): number[] {
  let character = -1;
  const offsets = Array.from(bytes, (byte) => {
    // All but a letter's first byte begin with the bits 10.
    if ((byte & 0xc0) !== 0x80) character += 1;
    return character;
  });
  return [...offsets, character + 1];
}
