// Python's text methods as templates use them. JavaScript's differ in what a space is and what a character is.

/** What `str.isspace` says yes to, as the inside of a character class. */
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACES_BEFORE = new RegExp(`^[${SPACE}]+`, "u");
const SPACES_BEHIND = new RegExp(`[${SPACE}]+$`, "u");
const WORD = new RegExp(`[^${SPACE}]+`, "gu");

type Side = "both" | "left" | "right";

/** `strip`, `lstrip` and `rstrip`: any of `chars` at the ends, spaces where it is null. */
export function strip(text: string, chars: string | null, side: Side): string {
  if (chars === null) {
    const left = side === "right" ? text : text.replace(SPACES_BEFORE, "");
    return side === "left" ? left : left.slice(0, left.length - (SPACES_BEHIND.exec(left)?.[0].length ?? 0));
  }
  const letters = [...text];
  let [start, end] = [0, letters.length];
  const any = new Set(chars);
  if (side !== "right") while (start < end && any.has(letters[start]!)) start += 1;
  if (side !== "left") while (start < end && any.has(letters[end - 1]!)) end -= 1;
  return letters.slice(start, end).join("");
}

/** `split()`: words apart, at most `most` cuts (below 0: all); the last part keeps what follows it. */
export function splitWords(text: string, most: number): string[] {
  const parts: string[] = [];
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (most >= 0 && parts.length >= most) return [...parts, text.slice(index)];
    parts.push(word);
  }
  return parts;
}

/** `capitalize`: the first letter large, all others small. */
export function capitalize(text: string): string {
  const [first = "", ...others] = [...text];
  return first.toUpperCase() + others.join("").toLowerCase();
}

/** Jinja's filter `title`: so each word, as spaces, hyphens and opening brackets part them. */
export function titled(text: string): string {
  return text.replaceAll(/[^\s\-({[<]+/gu, capitalize);
}

/** `str.title`: so each run of letters. */
export function title(text: string): string {
  return text.replaceAll(/\p{L}+/gu, capitalize);
}
