const [QUOTE, BACKSLASH, COMMA] = ['"', "\\", ","].map((letter) => letter.charCodeAt(0));
const [OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = ["{", "}", "[", "]"].map((letter) => letter.charCodeAt(0));

/**
 * The first key of a JSON text that its object has had before, and where it stands; null where there is none. `JSON.parse` takes the last
 * of them, other programs the first. The text is one that `JSON.parse` reads.
 */
export function repeatedKey(text: string): { key: string; at: number } | null {
  /** Keys of the objects around; null for lists. */
  const around: (Set<string> | null)[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter === OPEN || letter === OPEN_LIST) {
      around.push(letter === OPEN ? new Set() : null);
      isKey = letter === OPEN;
    } else if (letter === CLOSE || letter === CLOSE_LIST) around.pop();
    else if (letter === COMMA) isKey = around.at(-1) instanceof Set;
    else if (letter === QUOTE) {
      const end = endOfText(text, at);
      if (isKey) {
        const raw = text.slice(at + 1, end);
        const key = raw.includes("\\") ? unescaped(raw) : raw;
        const keys = around.at(-1);
        if (keys?.has(key)) return { key, at };
        keys?.add(key);
        isKey = false;
      }
      at = end;
    }
  }
  return null;
}

/** Where the quotation mark stands that ends the text which begins at another. */
function endOfText(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); ; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
}

/** A key as it was meant: it may be spelt with escapes. */
function unescaped(raw: string): string {
  const value: unknown = JSON.parse(`"${raw}"`);
  return String(value);
}
