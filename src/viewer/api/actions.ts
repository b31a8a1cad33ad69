// What the page can have done: a chat, a scenario, a job.

export type ChatRequest = {
  run: string;
  round: number;
  messages: { role: "system" | "user" | "assistant"; content: string }[];
  temperature: number;
  max_tokens: number;
};

/** One line of a chat's answer. */
export type ChatPiece =
  | { text: string }
  | { end: { seconds: number; tokens: number | null } }
  | { error: string };

/** A scenario as the form has it, or as YAML. */
export type DraftRequest = { fields: Record<string, unknown> } | { yaml: string };

export type Draft = {
  yaml: string;
  /** What is wrong with it, a line each; empty where it can be started. */
  problems: string[];
  /** Runs of the grid that a sweep would make. */
  cells: number;
};

export type FormFacts = {
  schema: Record<string, unknown>;
  personas: { name: string; description: string; thought: string }[];
  packs: string[];
  suites: string[];
};

/** A run or sweep that was started from the page. */
export type Job = {
  id: number;
  name: string;
  kind: "run" | "sweep";
  /** Its folder, as the catalogue calls it. */
  target: string;
  state: "running" | "done" | "stopped" | "failed";
  /** The last of what it said on stderr. */
  said: string;
};
