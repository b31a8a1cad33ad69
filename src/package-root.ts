import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

// This file lies one folder below package.json both as source (src/, under vitest) and built (dist/).
const root = new URL("../", import.meta.url);

/** The path of a shipped file or folder, e.g. `packageFile("personas/benign.yaml")`; `""` gives the package's folder. */
export function packageFile(relative: string): string {
  return fileURLToPath(new URL(relative, root));
}

/** The version in package.json. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(packageFile("package.json"), "utf8"));
  const version = new Map<string, unknown>(Object.entries(manifest ?? {})).get("version");
  if (typeof version !== "string") throw new Error("package.json has no version");
  return version;
}
