/** An added token as `tokenizer.json` lists it. */
export type AddedToken = {
  id: number;
  content: string;
  lstrip?: boolean | null;
  rstrip?: boolean | null;
  single_word?: boolean | null;
};

/** What a text falls into: added tokens, and the text between them with the place where it begins. */
export type Part = { id: number } | { text: string; at: number };

// As Rust's regular expressions have them, not as JavaScript's \s and \w.
const SPACE = /^\p{White_Space}$/u;
const WORD = String.raw`[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]`;
const WORD_AT_START = new RegExp(`^${WORD}`, "u");
const WORD_AT_END = new RegExp(`${WORD}$`, "u");

/**
 * Finds added tokens in texts as Hugging Face's tokenizers do (`AddedVocabulary::find_matches`): from the left, the longest first,
 * then the spaces that they take along. A token may take along what the next one has been found in: that is there as well
 * then, unless it takes along nothing that is left.
 */
export function addedTokenFinder(tokens: readonly AddedToken[]): (text: string) => Part[] {
  const known = new Map<string, AddedToken>();
  // Of two that are alike, as they may be once they are normalized, the first counts.
  for (const token of [...tokens].reverse()) if (token.content !== "") known.set(token.content, token);
  if (known.size === 0) return (text) => (text === "" ? [] : [{ text, at: 0 }]);
  const contents = [...known.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(contents.map((content) => escapePattern(content)).join("|"), "gu");
  return (text) => {
    const parts: Part[] = [];
    let from = 0;
    const between = (to: number): void => {
      if (from < to) parts.push({ text: text.slice(from, to), at: from });
    };
    for (const { 0: content, index } of text.matchAll(pattern)) {
      const token = known.get(content);
      if (token === undefined || (token.single_word && isWithinWord(text, index, content))) continue;
      let [start, end] = [index, index + content.length];
      if (token.lstrip) {
        while (start > from && SPACE.test(text.charAt(start - 1))) start -= 1;
        start = Math.max(start, from);
      }
      if (token.rstrip) while (SPACE.test(text.charAt(end))) end += 1;
      between(start);
      if (start < end) parts.push({ id: token.id });
      from = end;
    }
    between(text.length);
    return parts;
  };
}

/** Whether a letter, a figure or alike stands directly before or behind what was found. */
function isWithinWord(text: string, index: number, content: string): boolean {
  const end = index + content.length;
  return (
    WORD_AT_END.test(text.slice(Math.max(0, index - 2), index)) ||
    WORD_AT_START.test(text.slice(end, end + 2))
  );
}

function escapePattern(text: string): string {
  return text.replaceAll(/[$()*+./?[\\\]^{|}]/g, "\\$&");
}
