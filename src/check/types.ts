import type { Permissions } from "../permissions/index.js";

/** What a file was found to be, where nothing is wrong with it. */
export type Checked = {
  /** Its kind, by the name that `as` takes. */
  kind: string;
  /** In a sentence: what stands in it. */
  says: string;
};

export type CheckOptions = {
  /** What the file is to be; found out by looking if absent. */
  as?: string;
  /** What the user lets the file do: modules and trainers are run. Nothing if absent. */
  permissions?: Permissions;
  signal?: AbortSignal;
};

/** A first look at a file or folder: enough to tell what it may be. */
export type Look = {
  path: string;
  /** `folder`, `yaml`, `rows` (CSV, JSON, JSON lines), `code` or `other`. */
  form: "folder" | "yaml" | "rows" | "code" | "other";
  /** Of YAML: the value. Of rows: the first row. Undefined where it cannot be read as that. */
  value: unknown;
};

export type CheckContext = { permissions: Permissions; signal: AbortSignal | undefined };

/** A kind of file that candor reads. */
export type FileKind = {
  /** As `--as` takes it. */
  name: string;
  /** In words: `a persona`. */
  is: string;
  /** What takes such a file. */
  use: string;
  /** How much a file looks like one, from 0 (not at all) to 1. */
  likeness: (look: Look) => number;
  /** Reads it as what uses it would. Gives what stands in it; throws a UserError of all that is wrong. */
  check: (path: string, context: CheckContext) => string | Promise<string>;
};
