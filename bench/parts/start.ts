import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A file of this folder as a process of its own. */
export function startPart(
  file: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const compiled = file.endsWith(".ts") ? ["--import", "tsx"] : [];
  return spawn(process.execPath, [...compiled, path, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** The first line that a process prints; throws if it ends before. */
export async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line;
  throw new Error("a part of the benchmark ended without a word");
}

/** The JSON that a part prints in the end. */
export async function resultOf<T>(child: ChildProcess): Promise<T> {
  let text = "";
  for await (const piece of child.stdout!) text += piece;
  return JSON.parse(text) as T;
}
