import { realpath } from "node:fs/promises";
import { sep } from "node:path";

/** Whether a path lies in a folder with all links followed; not where it does not exist. */
export async function isWithin(folder: string, path: string): Promise<boolean> {
  const [root, target] = await Promise.all([folder, path].map((one) => realpath(one).catch(() => undefined)));
  return root !== undefined && target !== undefined && (target === root || target.startsWith(withEnd(root)));
}

function withEnd(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep;
}
