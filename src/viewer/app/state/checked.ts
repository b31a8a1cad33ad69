import type { Catalogue, ChatPiece, RunView } from "../../api.js";

// What the server says on open connections. Its types are those of the routes; but a page stays open while the server is
// replaced by one of another version, and what a proxy puts in between is nobody's.

type Kind = "string" | "number" | "array" | "object";

/** Told in place of the state where it is not what this page knows. */
export const OTHER_VERSION = "The server speaks otherwise than this page. Reload it.";

export function isCatalogue(value: unknown): value is Catalogue {
  return has(value, { folder: "string", runs: "array", sweeps: "array", damaged: "array" });
}

export function isRunView(value: unknown): value is RunView {
  return (
    has(value, {
      entry: "object",
      rounds: "array",
      checkpoints: "array",
      scenario: "string",
      versions: "object",
      inputs: "object",
      warnings: "array",
      suites: "array",
    }) &&
    has(value.entry, { id: "string", name: "string", status: "string", honesty: "array", axes: "object" })
  );
}

/** Throws an Error on anything but a piece. */
export function chatPiece(line: string): ChatPiece {
  const value = parsed(line);
  if (has(value, { text: "string" })) return { text: String(value.text) };
  if (has(value, { error: "string" })) return { error: String(value.error) };
  if (has(value, { end: "object" }) && has(value.end, { seconds: "number" })) {
    const { seconds, tokens } = value.end;
    return { end: { seconds: Number(seconds), tokens: typeof tokens === "number" ? tokens : null } };
  }
  throw new Error(OTHER_VERSION);
}

/** What an answer says is wrong; undefined where it says nothing of the kind. */
export function errorIn(text: string): string | undefined {
  const value = parsed(text);
  return has(value, { error: "string" }) ? String(value.error) : undefined;
}

/** A value that was sent as JSON; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function has<Field extends string>(
  value: unknown,
  fields: Readonly<Record<Field, Kind>>,
): value is Record<Field, unknown> & Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const known = new Map<string, unknown>(Object.entries(value));
  return Object.entries<Kind>(fields).every(([field, kind]) => kindOf(known.get(field)) === kind);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return value === null ? "null" : typeof value;
}
