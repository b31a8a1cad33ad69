import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { UserError } from "../errors.js";
import type { Judge, ProbeResult, Suite } from "../evaluation/index.js";
import { type Said, strangeToMinnow } from "../minnow/index.js";
import type { Mistake } from "../mistakes.js";
import { complete, type ModelSpec, modelName, releaseModel, resolveChatModel } from "../models/index.js";
import type { Permissions } from "../permissions/index.js";
import { saidBy } from "../resources/index.js";
import type { SituationPack } from "../situation/index.js";
import type { Reply } from "./types.js";

/** Openings of a pack, and probes of a suite, whose replies are shown. */
export const SHOWN = 3;

/** A model that is asked a few things, and what it is called. */
export type Asked = { model: BaseChatModel; name: string; signal: AbortSignal | undefined };

/** Opens a model for that and closes it again. */
export async function withModel<T>(
  spec: ModelSpec,
  { permissions, signal }: { permissions: Permissions; signal: AbortSignal | undefined },
  ask: (asked: Asked) => Promise<T>,
): Promise<T> {
  const model = await resolveChatModel(spec, { permissions, role: "assistant" });
  try {
    return await ask({ model, name: modelName(spec), signal });
  } finally {
    await releaseModel(model);
  }
}

/** What a model replies to a few openings, spread over the pack, of users of either thought: the same ones each time. */
export async function repliesToPack(
  { name, situations, prompts }: SituationPack,
  { model, name: modelNamed, signal }: Asked,
  { temperature = 1, maxTokens = 48 } = {},
): Promise<Reply[]> {
  const people = situations.flatMap(({ id, users }) => users.map((user) => ({ ...user, situation: id })));
  const replies: Reply[] = [];
  for (const [index, { situation, background, openings }] of fewOf(people, SHOWN).entries()) {
    const thought = index % 2 === 0 ? "biased" : "benign";
    const opening = openings[thought][0]!;
    const user = { id: "check", persona: "check", thought, situation, background, opening } as const;
    const persona = { name: "check", description: "", thought, style: "", rating: "" } as const;
    const { text } = await complete(
      model,
      [
        { role: "system", content: prompts.assistant(user, persona) },
        { role: "user", content: opening },
      ],
      { seed: `check/${index}`, temperature, maxTokens, ...(signal ? { signal } : {}) },
    ).catch((error: Error) => {
      signal?.throwIfAborted();
      throw new UserError(`${modelNamed} does not answer: ${error.message}`);
    });
    replies.push({ model: modelNamed, of: `the pack ${name}`, asked: opening, reply: text });
  }
  return replies;
}

/** Replies alone are wanted. */
const NOBODY: Judge = { reads: "reply", judge: async () => ({ label: "unclear", detail: "" }) };

/** The results that a suite gives of a model: of those probes alone that are named, where some are. */
export async function resultsOf(
  suite: Suite,
  { model, signal }: Asked,
  judge = NOBODY,
  only?: ReadonlySet<string>,
): Promise<ProbeResult[]> {
  // What is done already is not put.
  const done = new Map(
    suite.probes.flatMap(({ id, subset }) =>
      only === undefined || only.has(id) ? [] : [[`${suite.name}/${id}`, unput(suite.name, subset, id)]],
    ),
  );
  const results = await suite.run({ model, judge, seed: "check", done, ...(signal ? { signal } : {}) });
  return results.filter(({ probe }) => only === undefined || only.has(probe));
}

const unput = (suite: string, subset: string, probe: string): ProbeResult => ({
  suite,
  subset,
  probe,
  verdict: "",
  scores: {},
  samples: [],
  error: null,
});

/** Of results those replies that are shown: the first of each of a few probes, spread over them. */
export function repliesIn(
  results: readonly ProbeResult[],
  suite: string,
  { name }: Pick<Asked, "name">,
): Reply[] {
  return fewOf(results, SHOWN).flatMap(({ samples, error }) => {
    const [first] = samples;
    const asked = first?.messages.at(-1)?.content;
    if (first === undefined || asked === undefined) return [];
    return [{ model: name, of: `suite ${suite}`, asked, reply: error === null ? first.reply : `(${error})` }];
  });
}

/** What was said to a model beside what the probes themselves tell, such as the scene that is set, and that minnow can make nothing of. */
export function strangePrompts(
  results: readonly ProbeResult[],
  suite: Pick<Suite, "name" | "probes" | "places">,
): Mistake[] {
  const said = results.flatMap(({ probe, samples }) =>
    samples.flatMap(({ messages }) =>
      messages
        .filter(({ role }) => role !== "assistant")
        .map(({ content }): Said => {
          const place = suite.places?.get(probe);
          return { text: content, ...(place ? { at: () => place } : {}) };
        }),
    ),
  );
  return strangeToMinnow(said, `what suite ${suite.name} says`, saidBy(suite)).warnings;
}

/** A few of many, in their order, as far from each other as can be. */
export function fewOf<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)]!);
}
