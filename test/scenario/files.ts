import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { onTestFinished } from "vitest";
import { UserError } from "../../src/errors.js";

/** A folder with these files that is removed after the test. A pack `minnow` is there, so that scenarios find one. */
export function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "candor-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries({ "situations/minnow/pack.yaml": "name: minnow\n", ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** The message of the UserError that an action must throw, with the folder's name taken out. */
export function complaint(folder: string, action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return messageOf(folder, error);
  }
  throw new Error("expected a UserError, but nothing was thrown");
}

/** The same of an action that ends later. */
export async function complaintOf(folder: string, action: () => Promise<unknown>): Promise<string> {
  try {
    await action();
  } catch (error) {
    return messageOf(folder, error);
  }
  throw new Error("expected a UserError, but nothing was thrown");
}

function messageOf(folder: string, error: unknown): string {
  if (!(error instanceof UserError)) throw error;
  // Messages name a file by whichever is shorter, its path or the way there from the working folder.
  return error.message.replaceAll(`${relative(process.cwd(), folder)}/`, "").replaceAll(`${folder}/`, "");
}
