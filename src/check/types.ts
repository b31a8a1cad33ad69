import type { Mistake } from "../mistakes.js";
import type { Permissions } from "../permissions/index.js";

/** What a file was found to be, where nothing is wrong with it. */
export type Checked = {
  /** Its kind, by the name that `as` takes. */
  kind: string;
  /** In a sentence: what stands in it. */
  says: string;
  /** What is right by the rules and yet hardly meant: what, where, and what to do. */
  warnings: readonly Mistake[];
  /** What a model replies to a few of its openings or probes, so that people see whether it understands them. */
  replies: readonly Reply[];
};

/** What a model was asked and what it replied: both are texts of others. */
export type Reply = {
  /** The model's name. */
  model: string;
  /** Of what: a pack, or a suite. */
  of: string;
  asked: string;
  reply: string;
};

/** What a kind of file says of one: a sentence alone, or more. */
export type Found = string | ({ says: string } & Partial<Pick<Checked, "warnings" | "replies">>);

export type CheckOptions = {
  /** What the file is to be; found out by looking if absent. */
  as?: string;
  /** What the user lets the file do: modules and trainers are run. Nothing if absent. */
  permissions?: Permissions;
  /** Whether a scenario's assistant is asked also where it is not embedded: a server may charge for it. */
  tryModels?: boolean;
  /** Fields of a scenario to set beside its file, as `run` and `sweep` take them; no other kind of file has any. */
  set?: readonly string[];
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

export type CheckContext = {
  permissions: Permissions;
  tryModels: boolean;
  set: readonly string[];
  signal: AbortSignal | undefined;
};

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
  check: (path: string, context: CheckContext) => Found | Promise<Found>;
};
