import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What stands in a command's place for a file or folder. */
export type Wrong = { name: string; put: (path: string) => void };

const bytes = (content: string | Uint8Array) => (path: string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le");

/** Contents that are no file of any kind that candor reads. */
export const WRONG_FILES: readonly Wrong[] = [
  { name: "nothing", put: () => {} },
  { name: "a folder", put: (path) => mkdirSync(path, { recursive: true }) },
  { name: "an empty file", put: bytes("") },
  { name: "a byte order mark alone", put: bytes("\ufeff") },
  { name: "UTF-16", put: bytes(utf16('{"name": "x"}\n')) },
  { name: "Latin-1", put: bytes(Buffer.from('{"name": "caf\xe9"}\n', "latin1")) },
  { name: "garbage", put: bytes("{{: - [\n\t}:") },
  { name: "bytes", put: bytes(Uint8Array.from({ length: 512 }, (_, index) => (index * 73) % 256)) },
  { name: "null", put: bytes("null\n") },
  { name: "a list", put: bytes("[1, 2]\n") },
  { name: "a text", put: bytes('"text"\n') },
  { name: "a field that nobody knows", put: bytes('{"surprise": 1}\n') },
  { name: "deep brackets", put: bytes("[".repeat(20_000)) },
];

const inside = (name: string, content: string | Uint8Array) => (path: string) =>
  bytes(content)(join(path, name));

/** Folders that are none of a run, a sweep or a checkpoint; `file` is the one that says what a folder is. */
export function wrongFolders(file: string): Wrong[] {
  return [
    { name: "nothing", put: () => {} },
    { name: "a file", put: bytes("text") },
    { name: "an empty folder", put: (path) => mkdirSync(path, { recursive: true }) },
    { name: `a folder ${file}`, put: (path) => mkdirSync(join(path, file), { recursive: true }) },
    { name: `an empty ${file}`, put: inside(file, "") },
    { name: `${file} in UTF-16`, put: inside(file, utf16("{}")) },
    { name: `garbage in ${file}`, put: inside(file, "{{") },
    { name: `null in ${file}`, put: inside(file, "null") },
    { name: `a list in ${file}`, put: inside(file, "[]") },
    { name: `nothing known in ${file}`, put: inside(file, '{"surprise": 1}') },
    { name: `deep brackets in ${file}`, put: inside(file, "[".repeat(20_000)) },
  ];
}
