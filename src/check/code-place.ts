import { type InputError, mistaken } from "../errors.js";
import { thrownAt } from "../thrown-at.js";

/** A place in a module's text, counted from 1. */
type At = { line: number; column: number };

/**
 * Where a field of what a module exports by default stands in its text, as far as that is written there plainly: objects and lists, by
 * themselves or under a name. Of a field that is missing, where what lacks it begins. Null where the text does not tell.
 */
export function exportedAt(text: string, path: readonly string[]): At | null {
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

/** Where a value begins: behind a name the value that the file gives it. */
function valueStart(text: string, from: number): number {
  const at = behindBlank(text, from);
  const [name] = /^[\p{L}_$][\p{L}\p{N}_$]*(?=\s*[,;}\]\n])/u.exec(text.slice(at)) ?? [];
  if (name === undefined) return at;
  const given = new RegExp(`(?:const|let|var)\\s+${name.replaceAll("$", "\\$")}\\s*=\\s*`, "u").exec(text);
  return given ? behindBlank(text, given.index + given[0].length) : at;
}

type Entry = { key: string; value: number };

/** The entries of the object or list that begins at a place; none of anything else. */
function entriesOf(text: string, from: number): Entry[] {
  const opening = text[from];
  if (opening !== "{" && opening !== "[") return [];
  const entries: Entry[] = [];
  let at = behindBlank(text, from + 1);
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
    at = behindBlank(text, text[end] === "," ? end + 1 : end);
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

/** Behind blanks and comments. */
function behindBlank(text: string, from: number): number {
  const [blank = ""] = /^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/u.exec(text.slice(from)) ?? [];
  return from + blank.length;
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
