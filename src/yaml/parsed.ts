import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { packageFile } from "../package-root.js";

/** Shorter texts are parsed in the time that it takes to look. */
const LEAST_LENGTH = 4_096;

/** What a text holds where it is that of a shipped pack, as the build wrote it down (`scripts/parsed.mjs`); undefined of any other. */
export function shippedValue(source: string): unknown {
  if (source.length < LEAST_LENGTH) return undefined;
  const file = packageFile(`dist/parsed/${createHash("sha256").update(source).digest("hex")}.json`);
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8"));
}
