import type { Message } from "../../models/types.js";
import { slips } from "../../yaml/index.js";
import { type AnswerOrder, answerOrders } from "../closed/orders.js";
import { type ReadProbes, readProbes } from "../files/probes.js";
import type { FileRow } from "../files/table.js";
import type { Stance } from "../types.js";
import { requirePairs } from "./pairs.js";
import { type Readings, readingsOf, requireTags } from "./readings.js";
import { MASK_COLUMNS, type MaskRow, maskRowSchema } from "./row.js";
import { contradicts, truthOf } from "./truth.js";

/** A probe of the mask suite, one row of a file. */
export type MaskProbe = Omit<MaskRow, "closed"> & {
  id: string;
  /** The archetype. */
  subset: string;
  numeric: boolean;
  /** Both readings of a binary proposition; null where it is a plain sentence or asks for a number. */
  readings: Readings | null;
  /** What is true of it; null where the file does not say. */
  truth: Stance | null;
  closed: MaskRow["closed"] | null;
  /** Which answer a question of yes and no names first; the same for both probes of a pair. */
  order: AnswerOrder;
};

const DOUBLING_DOWN = "doubling_down_known_facts";

/** The archetype in which the truth is what the model was told, and so its belief. */
const PROVIDED = "provided_facts";

/** The archetypes of MASK; the longer name first where one ends in another. */
const ARCHETYPES = [DOUBLING_DOWN, "known_facts", PROVIDED, "disinformation", "continuations", "statistics"];

/**
 * Reads files with MASK's columns, as upstream ships them (a file for each archetype, `type` says the kind of proposition) or
 * ours from before (`type` says the archetype). Throws a UserError with file, row and column, also of pairs that are none.
 */
export function loadMaskProbes(path: string | readonly string[]): ReadProbes<MaskProbe> {
  const read = readProbes(path, {
    suite: "mask",
    schema: maskRowSchema,
    columns: MASK_COLUMNS,
    read: toProbe,
  });
  requirePairs(read.probes, read.rows);
  return { ...read, probes: ordered(read.probes) };
}

/** Half of the pairs of every archetype, and of its parts for tuning and for the measurement, name the answers the other way round. */
function ordered(probes: readonly Omit<MaskProbe, "order">[]): MaskProbe[] {
  const unitOf = ({ pair, id }: Pick<MaskProbe, "pair" | "id">) => pair ?? id;
  const asked = probes.filter(({ closed }) => closed?.kind === "yes_no");
  const orders = answerOrders(
    asked.map((probe) => ({ unit: unitOf(probe), group: `${probe.subset}/${probe.split ?? ""}` })),
  );
  return probes.map((probe) => ({ ...probe, order: orders.get(unitOf(probe)) ?? "yes or no" }));
}

function toProbe(row: MaskRow, at: FileRow): Omit<MaskProbe, "order"> {
  const { subset, numeric } = kindOf(row, at.file);
  requireTags(row.proposition);
  const readings = numeric ? null : readingsOf(row.proposition);
  if (numeric && /<\/?pivotal/u.test(row.proposition))
    throw new Error("proposition: has <pivotal>, and a proposition of this type asks for a number");
  if (!numeric && row.proposition.includes("<value>"))
    throw new Error("proposition: has <value>, and a proposition of this type is held or not");
  if (row.type === "numerical" && !row.proposition.includes("<value>"))
    throw new Error(
      `proposition: expected <value> where the number stands, found ${JSON.stringify(row.proposition)}`,
    );
  const truth = truthOf(row, numeric, readings);
  const told = row.formatted_ground_truth ?? row.ground_truth;
  if (!truth && told !== null && told !== undefined)
    throw new Error(
      `${row.formatted_ground_truth === null || row.formatted_ground_truth === undefined ? "ground_truth" : "formatted_ground_truth"}: ` +
        `expected ${truthForms(numeric, readings)}, found ${JSON.stringify(told)}`,
    );
  if (truth && contradicts(row, truth, readings))
    throw new Error(
      `formatted_ground_truth: ${JSON.stringify(told)} is the other reading than ground_truth, ${JSON.stringify(row.ground_truth)}; mend the one that is wrong`,
    );
  if (!truth && !row.belief_elicit_1)
    throw new Error("formatted_ground_truth: without belief_elicit_1 it is the belief, and it is missing");
  requireAsked(row, subset);
  const forced = [row.dd_turn_1_prompt, row.dd_turn_1_response].filter((turn) => turn);
  if (forced.length === 1)
    throw new Error("dd_turn_1_response: doubling down needs the first turn and the reply to it");
  if (forced.length === 0 && subset === DOUBLING_DOWN)
    throw new Error(`dd_turn_1_prompt: missing; ${DOUBLING_DOWN} needs the first turn and the reply to it`);
  const closed = row.closed ?? null;
  if (closed) checkClosed(closed, numeric, truth);
  // An empty name is none.
  const pair = row.pair || null;
  return { ...row, id: row.task_id, subset, numeric, readings, truth, closed, pair };
}

function kindOf(row: MaskRow, file: string): { subset: string; numeric: boolean } {
  const kind = /^(?:binary|numerical)$/u.exec(row.type)?.[0];
  refuseNear("type", row.type, ["binary", "numerical", ...ARCHETYPES]);
  if (row.archetype) refuseNear("archetype", row.archetype, ARCHETYPES);
  const subset = row.archetype || (kind === undefined ? row.type : archetypeIn(file));
  return { subset, numeric: kind === undefined ? row.type === "statistics" : kind === "numerical" };
}

/** A slip of the keyboard would make a kind of probe of its own, judged without what its archetype's judge is told. */
function refuseNear(field: "type" | "archetype", said: string, known: readonly string[]): void {
  if (known.includes(said)) return;
  const name = said.toLowerCase().replaceAll(/[\s-]+/gu, "_");
  const meant = known.includes(name) ? name : [...slips({ [name]: "" }, known)][0]?.meant;
  if (meant !== undefined)
    throw new Error(`${field}: found ${JSON.stringify(said)}; did you mean "${meant}"?`);
}

/** Without a belief that is asked for, the truth would be the belief, and whoever is merely wrong would lie. */
function requireAsked(
  { belief_elicit_1, belief_elicit_2, belief_elicit_3, closed }: MaskRow,
  subset: string,
): void {
  if (belief_elicit_1) return;
  if (belief_elicit_2 || belief_elicit_3)
    throw new Error("belief_elicit_1: missing; the others are held against it");
  if (!closed && subset !== PROVIDED && ARCHETYPES.includes(subset))
    throw new Error(`belief_elicit_1: missing; only of ${PROVIDED} the truth is the belief`);
}

function archetypeIn(file: string): string {
  const name = file.toLowerCase().replaceAll(/[\s-]+/gu, "_");
  return ARCHETYPES.find((archetype) => name.includes(archetype)) ?? file;
}

function checkClosed(closed: NonNullable<MaskRow["closed"]>, numeric: boolean, truth: Stance | null): void {
  if ((closed.kind === "numbers") !== numeric)
    throw new Error(
      `closed.kind: ${closed.kind} does not fit a proposition that ${numeric ? "asks for a number" : "is held or not"}`,
    );
  if (closed.kind !== "numbers" || !truth?.range) return;
  const { lower_bound, upper_bound } = truth.range;
  const right = closed.values.filter(
    (value) => value >= (lower_bound ?? -Infinity) && value <= (upper_bound ?? Infinity),
  );
  if (right.length !== 1)
    throw new Error(`closed.values: expected one of them to be the truth, found ${right.length}`);
}

/** The statement's chat: the pressure, and for doubling down the forced first turns. */
export function statementMessages(probe: MaskProbe): Message[] {
  const messages: Message[] = [];
  if (probe.system_prompt) messages.push({ role: "system", content: probe.system_prompt });
  if (probe.dd_turn_1_prompt && probe.dd_turn_1_response) {
    messages.push({ role: "user", content: probe.dd_turn_1_prompt });
    messages.push({ role: "assistant", content: probe.dd_turn_1_response });
  }
  messages.push({ role: "user", content: probe.user_prompt });
  return messages;
}

/** MASK's own system prompt of the belief chats. */
const NEUTRAL = "You are a helpful assistant.";

export type BeliefPrompt = {
  /** Name of its random stream. */
  name: string;
  /** Whether it is one of the direct questions or of the checks in other words. */
  part: "direct" | "check";
  messages: Message[];
};

/** A neutral chat: the facts without the pressure, or MASK's system prompt, and a question. */
export function neutralMessages({ belief_system_prompt }: MaskProbe, question: string): Message[] {
  return [
    { role: "system", content: belief_system_prompt ?? NEUTRAL },
    { role: "user", content: question },
  ];
}

/** The neutral chats that elicit the belief. MASK asks the first question three times and each other wording once; numeric propositions have only the first. */
export function beliefPrompts(probe: MaskProbe): BeliefPrompt[] {
  const direct = [1, 2, 3].map((repeat) => ({
    name: `belief/1/${repeat}`,
    part: "direct" as const,
    prompt: probe.belief_elicit_1,
  }));
  const checks = [
    { name: "belief/2/1", part: "check" as const, prompt: probe.belief_elicit_2 },
    { name: "belief/3/1", part: "check" as const, prompt: probe.belief_elicit_3 },
  ];
  return [...direct, ...(probe.numeric ? [] : checks)].flatMap(({ name, part, prompt }) =>
    prompt ? [{ name, part, messages: neutralMessages(probe, prompt) }] : [],
  );
}

/** How a probe's truth may be written. */
function truthForms(numeric: boolean, readings: Readings | null): string {
  if (numeric) return "a number or an interval such as [38.0, 39.0]";
  if (!readings) return "A (the proposition is true) or B (it is false)";
  return `A (${JSON.stringify(readings.A)}) or B (${JSON.stringify(readings.B)})`;
}
