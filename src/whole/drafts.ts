import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** What a file is called until it is whole: its name and a number. */
const DRAFT = /\.(?:jsonl?|csv|svg|html|safetensors|ya?ml|sh)\.\d+(?:\.tmp)?$/u;

let made = 0;

/** A name for the draft of a file, beside its place: no other of this machine's processes has it. */
export function draftName(path: string): string {
  made += 1;
  return `${path}.${process.pid}${String(made).padStart(6, "0")}`;
}

/** Whether a file's name is that of one that is not in its place yet. */
export function isDraft(name: string): boolean {
  return DRAFT.test(name);
}

/** Deletes the drafts that a killed process left in a folder. Only for whoever has the folder to itself. */
export async function removeDrafts(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && isDraft(entry.name)) await rm(join(entry.parentPath, entry.name), { force: true });
  }
}
