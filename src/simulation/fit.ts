import { join } from "node:path";
import { z } from "zod";
import { loadTokenizer, type Message, modelName } from "../models/index.js";
import type { Permissions } from "../permissions/index.js";
import type { Persona, User } from "../population/index.js";
import { type Load, languageOf, type Resources } from "../resources/index.js";
import { modelField, ofField, refusal, rolesAsked, type Scenario } from "../scenario/index.js";
import type { SituationPack } from "../situation/index.js";
import { readTextFile } from "../text-file.js";
import { readCheckedJson } from "../yaml/index.js";

type Role = "assistant" | "user" | "rater";
const ROLES: readonly Role[] = ["assistant", "user", "rater"];

/** Users that are looked at: none of them fitting is no accident. */
const SAMPLE = 24;

/**
 * Throws a UserError where a model cannot take part in the talks at all: it knows another language than the pack is written in, or
 * even the shortest prompts are longer than what it reads. Both are known before anything is played.
 */
export async function requireFit(
  scenario: Scenario,
  resources: Pick<Resources, "pack" | "personas" | "local">,
  { scenarioPath, permissions, load }: { scenarioPath: string; permissions: Permissions; load: Load },
): Promise<void> {
  await refuseProbes(scenario, scenarioPath, permissions);
  if (scenario.source !== "interaction") return;
  const asked = rolesAsked(scenario);
  for (const role of ROLES.filter((one) => asked.includes(one))) {
    const name = nameOf(scenario, role);
    const { language } = resources.pack;
    const foreign = language !== undefined && language !== MINNOW;
    if (foreign && (await languageOf(scenario.models[role], permissions)) === MINNOW)
      throw refusal(
        { scenarioPath, field: ["situations"] },
        `${scenario.situations} is written in ${spoken(language)}, and models.${role}: ${name} knows its own small language alone; use situations: minnow, or another model there, such as hf:<folder> or openai:<model>`,
      );
    const local = resources.local[role];
    const field = modelField(scenarioPath, role, scenario.models[role]);
    if (local?.checkpoint)
      await ofField(field, () =>
        requireRoom(role, local.checkpoint, scenario, resources, { scenarioPath, load }),
      );
  }
}

const MINNOW = "minnow";

async function refuseProbes(
  { evaluation, models }: Scenario,
  scenarioPath: string,
  permissions: Permissions,
): Promise<void> {
  const name = modelName(models.assistant);
  if ((await languageOf(models.assistant, permissions)) !== MINNOW) return;
  const foreign = Object.entries(evaluation.suites).find(([, { file }]) => file === "english");
  if (foreign)
    throw refusal(
      { scenarioPath, field: ["evaluation", "suites", foreign[0], "file"] },
      `these probes are in English, and models.assistant: ${name} knows its own small language alone; leave file out`,
    );
}

async function requireRoom(
  role: Role,
  checkpoint: string,
  scenario: Scenario,
  { pack, personas }: Pick<Resources, "pack" | "personas">,
  { scenarioPath, load }: { scenarioPath: string; load: Load },
): Promise<void> {
  const { context, count } = await load(openReader, checkpoint);
  let least = Number.POSITIVE_INFINITY;
  for (const prompt of promptsFor(role, pack, personas)) {
    // The first token of an answer has to fit as well.
    least = Math.min(least, count(prompt) + 1);
    if (least <= context) return;
  }
  if (least === Number.POSITIVE_INFINITY) return;
  throw refusal(
    { scenarioPath, field: ["situations"] },
    `the shortest talk of ${scenario.situations} takes ${least} tokens of models.${role}: ${nameOf(scenario, role)}, which reads ${context}; use a model with a longer context, or situations in a language that it knows`,
  );
}

export type Reader = { context: number; layers: number; count: (messages: readonly Message[]) => number };

/** What a checkpoint reads: how many tokens, by how many blocks, and how many a conversation has for it. */
export async function openReader(checkpoint: string): Promise<Reader> {
  const file = join(checkpoint, "config.json");
  const schema = z.object({
    max_position_embeddings: z.int().positive(),
    num_hidden_layers: z.int().positive(),
  });
  const data = readCheckedJson(schema, readTextFile(file), { file });
  const { encodeChat } = await loadTokenizer(checkpoint);
  const count = (messages: readonly Message[]): number =>
    encodeChat(messages, { addGenerationPrompt: true }).length;
  return { context: data.max_position_embeddings, layers: data.num_hidden_layers, count };
}

/** The first prompt of a role that names all it is told, with the shortest answers that others can give. */
function* promptsFor(
  role: Role,
  pack: SituationPack,
  personas: Readonly<Record<string, Persona>>,
): Generator<Message[]> {
  for (const user of usersOf(pack, personas)) {
    const system: Message = { role: "system", content: pack.prompts[role](user, personas[user.persona]!) };
    yield [system, ...heardBy(role, user.opening, pack)];
  }
}

function heardBy(role: Role, opening: string, pack: SituationPack): Message[] {
  const said: Message = { role: "user", content: opening };
  if (role === "assistant") return [said];
  const reply: Message = { role: "assistant", content: "." };
  if (role === "rater") return [{ role: "user", content: pack.prompts.transcript([said, reply]) }];
  // As the user sees it, the assistant is the one who asks.
  return [
    { ...said, role: "assistant" },
    { ...reply, role: "user" },
  ];
}

/** Some users of each persona, spread over the pack. */
function usersOf(pack: SituationPack, personas: Readonly<Record<string, Persona>>): User[] {
  const people = pack.situations.flatMap(({ id, users }) =>
    users.map((user) => ({ situation: id, ...user })),
  );
  const step = Math.max(1, Math.floor(people.length / SAMPLE));
  const some = people.filter((_one, index) => index % step === 0).slice(0, SAMPLE);
  return Object.values(personas).flatMap(({ name, thought }) =>
    some.flatMap(({ situation, background, openings }) =>
      openings[thought].slice(0, 1).map(
        (opening): User => ({
          id: "somebody",
          persona: name,
          thought,
          situation,
          background,
          opening,
        }),
      ),
    ),
  );
}

function nameOf({ models }: Scenario, role: Role): string {
  return modelName(models[role]);
}

function spoken(language: string): string {
  return language.replace(/^./u, (letter) => letter.toUpperCase());
}
