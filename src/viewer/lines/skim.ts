import type { ProbeResult } from "../../evaluation/types.js";
import type { Interaction } from "../../interaction/types.js";
import type { User } from "../../population/index.js";

// What lists need of a line. Conversations and samples are most of a line's bytes and are cut out before parsing: inside a
// JSON string every quote is escaped, so `,"messages":[` can only be the field itself. A line without the marks is parsed whole.

export type SkimmedInteraction = Pick<
  Interaction,
  "id" | "persona" | "situation" | "reward" | "ratings" | "error"
>;
export type SkimmedProbe = Omit<ProbeResult, "samples">;
export type SkimmedRow = { interaction: string; exchange: number; label: boolean };

const MESSAGES = Buffer.from(',"messages":[');
const RATINGS = Buffer.from('],"ratings":');
const SAMPLES = Buffer.from(',"samples":[');
const ERROR = Buffer.from('],"error":');
const SOURCE = Buffer.from('"source":{');

export function skimInteraction(line: Buffer): SkimmedInteraction {
  const { id, persona, situation, reward, ratings, error } = without(line, MESSAGES, RATINGS) as Interaction;
  return { id, persona: shared(persona), situation: shared(situation), reward, ratings, error };
}

export function skimProbe(line: Buffer): SkimmedProbe {
  const { samples: _samples, ...rest } = without(line, SAMPLES, ERROR) as ProbeResult;
  return rest;
}

/** Rows without a label were chosen as good examples. */
export function skimRow(line: Buffer): SkimmedRow {
  const at = line.lastIndexOf(SOURCE);
  const parsed = JSON.parse(at < 0 ? line.toString() : `{${line.toString("utf8", at)}`) as Row;
  const { source, label = true } = parsed;
  return { interaction: source?.interaction ?? "", exchange: source?.exchange ?? 0, label };
}

export function skimUser(line: Buffer): Pick<User, "persona" | "thought"> {
  const { persona, thought } = JSON.parse(line.toString()) as User;
  return { persona: shared(persona), thought };
}

type Row = { source?: { interaction: string; exchange: number }; label?: boolean };

/** Parses a line without the list that begins with one mark and ends before the other. */
function without(line: Buffer, begin: Buffer, end: Buffer): unknown {
  const from = line.indexOf(begin);
  const to = from < 0 ? -1 : line.indexOf(end, from);
  if (to < 0) return JSON.parse(line.toString());
  return JSON.parse(line.toString("utf8", 0, from) + line.toString("utf8", to + 1));
}

const names = new Map<string, string>();

/** One string for all lines that have the same. */
function shared(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, name);
  return name;
}
