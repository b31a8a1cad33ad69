import { z } from "zod";
import type { ProbeResult } from "../../evaluation/types.js";
import type { Interaction } from "../../interaction/types.js";
import type { User } from "../../population/types.js";
import { checkedAsRead, parseChecked, parseText } from "../disk/index.js";
import { interactionSchema, probeSchema, type StepLine, stepSchema, userSchema } from "../schema.js";

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

const interactionHead = interactionSchema.pick({
  id: true,
  persona: true,
  situation: true,
  reward: true,
  ratings: true,
  error: true,
});
const probeHead = probeSchema.omit({ samples: true });
const userHead = userSchema.pick({ persona: true, thought: true });
const source = z.looseObject({ interaction: z.string(), exchange: z.int() });
const rowTail = z.looseObject({ source, label: z.boolean().optional() });

export function skimInteraction(line: Buffer): SkimmedInteraction {
  const { id, persona, situation, reward, ratings, error } = checkedAsRead(
    interactionHead,
    without(line, MESSAGES, RATINGS),
  );
  return { id, persona: shared(persona), situation: shared(situation), reward, ratings, error };
}

export function skimProbe(line: Buffer): SkimmedProbe {
  const { samples: _samples, ...rest } = checkedAsRead(probeHead, without(line, SAMPLES, ERROR));
  return rest;
}

/** Rows without a label were chosen as good examples. */
export function skimRow(line: Buffer): SkimmedRow {
  const at = line.lastIndexOf(SOURCE);
  const text = at < 0 ? line.toString() : `{${line.toString("utf8", at)}`;
  const { source, label = true } = parseChecked(rowTail, text);
  return { interaction: source.interaction, exchange: source.exchange, label };
}

export function skimUser(line: Buffer): Pick<User, "persona" | "thought"> {
  const { persona, thought } = parseChecked(userHead, line.toString());
  return { persona: shared(persona), thought };
}

export function skimStep(line: Buffer): StepLine {
  return parseChecked(stepSchema, line.toString());
}

/** A whole conversation. Throws on what is none. */
export function parseInteraction(line: string): Interaction {
  return parseChecked(interactionSchema, line);
}

/** A probe's whole result. Throws on what is none. */
export function parseProbe(line: string): ProbeResult {
  return parseChecked(probeSchema, line);
}

/** Parses a line without the list that begins with one mark and ends before the other. */
function without(line: Buffer, begin: Buffer, end: Buffer): unknown {
  const from = line.indexOf(begin);
  const to = from < 0 ? -1 : line.indexOf(end, from);
  if (to < 0) return parseText(line.toString());
  return parseText(line.toString("utf8", 0, from) + line.toString("utf8", to + 1));
}

const names = new Map<string, string>();

/** One string for all lines that have the same. */
function shared(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, name);
  return name;
}
