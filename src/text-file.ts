import { mistaken } from "./errors.js";
import { readPlainFile } from "./plain-file.js";

/** Bytes of the largest text file that is read as a whole. */
const MOST_BYTES = 2 ** 30;

/**
 * The text of a UTF-8 file without its byte order mark; `name` is how messages call it. Throws a UserError that says why a
 * file cannot be read: missing, a folder, a pipe, larger than `most` bytes, in another encoding or no text at all.
 */
export function readTextFile(path: string, { name = path, most = MOST_BYTES } = {}): string {
  return decodeText(readPlainFile(path, { name, most }), name);
}

/** UTF-8 bytes as text, without a byte order mark. Throws a UserError on another encoding. */
export function decodeText(bytes: Uint8Array, name: string): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw mistaken({ file: name, what: "is in UTF-16; save it as UTF-8" });
  try {
    // Takes the byte order mark off.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw mistaken({ file: name, what: "is not UTF-8 text; save it as UTF-8" });
  }
}
