import { type InputError, mistaken } from "../errors.js";
import { thrownAt } from "../thrown-at.js";

/** A place in a module's text, counted from 1. */
type At = { line: number; column: number };

// By patterns of our own and not by a parser: none is among what the package brings, and one (acorn has half a megabyte) would be
// installed by everybody for a line number in the messages of one command. Whoever needs a module's text for more than that should take it.

/**
 * Where a field of what a module exports by default stands in its text, as far as that is written there plainly: objects and lists, by
 * themselves or under a name. Of a field that is missing, where what lacks it begins. Null where the text does not tell.
 */
export function exportedAt(code: string, path: readonly string[]): At | null {
  const text = withoutComments(code);
  const exported = /export\s+default\s+/u.exec(text);
  if (!exported) return null;
  let at = valueStart(text, exported.index + exported[0].length);
  for (const step of path) {
    const entry = entriesOf(text, at).find(({ key }) => key === step);
    if (!entry) break;
    at = valueStart(text, entry.value);
  }
  return placeOf(text, at);
}

/** An error of a module's own code, with the innermost line of the module that has part in it. */
export function failedIn(path: string, error: Error, what: string): InputError {
  return mistaken({ file: path, ...thrownAt(error, path), what: `${what}: ${error.message}` });
}

function placeOf(text: string, at: number): At {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** A text in which blanks stand for its comments: what was commented out is often what stands there now. */
function withoutComments(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += parts.at(-1)!.length) {
    const part = text.slice(at, Math.max(at + 1, behindText(text, at)));
    parts.push(/^\/[/*]/u.test(part) ? part.replace(/[^\n]/gu, (one) => " ".repeat(one.length)) : part);
  }
  return parts.join("");
}

/** Where a value begins: behind a name the value that the file gives it. */
function valueStart(text: string, from: number): number {
  const at = behindBlanks(text, from);
  const [name] = /^[\p{L}_$][\p{L}\p{N}_$]*(?=\s*[,;}\]\n])/u.exec(text.slice(at)) ?? [];
  if (name === undefined) return at;
  const given = new RegExp(`(?:const|let|var)\\s+${name.replaceAll("$", "\\$")}\\s*=\\s*`, "u").exec(text);
  return given ? behindBlanks(text, given.index + given[0].length) : at;
}

type Entry = { key: string; value: number };

/** The entries of the object or list that begins at a place; none of anything else. */
function entriesOf(text: string, from: number): Entry[] {
  const opening = text[from];
  if (opening !== "{" && opening !== "[") return [];
  const entries: Entry[] = [];
  let at = behindBlanks(text, from + 1);
  while (at < text.length && text[at] !== "}" && text[at] !== "]") {
    const start = at;
    const end = behindEntry(text, at);
    if (opening === "[") entries.push({ key: String(entries.length), value: start });
    else {
      const [whole, quoted, plain] = /^(?:["']([^"']*)["']|([\p{L}_$][\p{L}\p{N}_$]*))\s*:?\s*/u.exec(
        text.slice(start, end),
      ) ?? ["", "", ""];
      const key = quoted ?? plain ?? "";
      // A name alone stands for its value too.
      entries.push({ key, value: whole.includes(":") ? start + whole.length : start });
    }
    at = behindBlanks(text, text[end] === "," ? end + 1 : end);
  }
  return entries;
}

/** The end of an entry: the comma behind it, or the bracket that closes what it stands in. */
function behindEntry(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const letter = text[at]!;
    if (depth === 0 && (letter === "," || letter === "}" || letter === "]" || letter === ")")) return at;
    if ("{[(".includes(letter)) depth += 1;
    if ("}])".includes(letter)) depth -= 1;
    at = Math.max(at + 1, behindText(text, at));
  }
  return at;
}

function behindBlanks(text: string, from: number): number {
  const rest = text.slice(from);
  return from + rest.length - rest.trimStart().length;
}

/** Behind a string, a comment or a regular expression that begins at a place; the place itself where none does. */
function behindText(text: string, at: number): number {
  const rest = text.slice(at);
  const before = text.slice(0, at).trimEnd().at(-1) ?? "";
  const [found = ""] =
    /^(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/)/u.exec(
      rest,
    ) ??
    ("(,=:[!&|?{};>".includes(before) ? /^\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\//u.exec(rest) : null) ??
    [];
  return at + found.length;
}
