import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

let build: string | undefined;

/** The version with a hash of the code, as machines that are to count together may have the same version of different code. */
export function packageBuild(): string {
  if (build !== undefined) return build;
  const folder = packageFile("dist");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => name.replaceAll("\\", "/"))
    .sort();
  const hash = createHash("sha256");
  for (const name of files) hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
  build = `${packageVersion()}+${hash.digest("hex").slice(0, 8)}`;
  return build;
}
