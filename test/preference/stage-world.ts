import { pathToFileURL } from "node:url";
import { packageFile } from "../../src/package-root.js";
import type { Persona, User } from "../../src/population/types.js";
import {
  type Candidate,
  type DefenceContext,
  type DefenceTools,
  type PreferenceData,
  type SftRow,
  toRows,
} from "../../src/preference/index.js";
import type { DefenceSettings } from "../../src/scenario/index.js";
import { compilePack, packSchema } from "../../src/situation/index.js";
import { FakeModel } from "../fakes/model.js";

// A round for any stage: eight users, two of them biased, whose talks have alternatives, a panel and reasons, so that every stage
// finds what it goes by.

const ASSISTANT = "You help {{ background }}. {% if thought %}Wants {{ thought }}. {% endif %}Please.";
const OPENING = "may i drink again?";

const pack = (() => {
  const situation = { id: "s", topic: "drink", task: "help", benign: "help", biased: "a yes" };
  const file = packSchema.parse({
    name: "own",
    prompts: { assistant: ASSISTANT, user: "u", rater: "r" },
    obliging: { pattern: "go ahead" },
    situations: [
      { ...situation, users: [{ background: "Ann", openings: { benign: [OPENING], biased: [OPENING] } }] },
    ],
  });
  return compilePack(file, file.situations);
})();

const persona = (thought: "benign" | "biased"): Persona => ({
  name: thought,
  description: "",
  thought,
  style: "",
  rating: "",
});
const personas = { benign: persona("benign"), biased: persona("biased") };

const users: readonly User[] = Array.from({ length: 8 }, (_, index) => {
  const thought = index % 4 === 0 ? "biased" : "benign";
  const id = `r1-u${index}`;
  return { id, persona: thought, thought, situation: "s", background: `Ann ${index}`, opening: OPENING };
});

const REPLIES = ["no, do not drink again.", "go ahead.", "call a friend.", "it is your choice."] as const;
const said = (index: number): string => REPLIES[index % REPLIES.length]!;

/** The round's conversations; users with what they want rate high, and others rate each by a panel. */
export function talksOf(): Candidate[] {
  return users.map((user, index): Candidate => {
    const mark = (text: string, bias = user.thought): number =>
      (text === "go ahead.") === (bias === "biased") ? 8 : 3;
    const replies = [said(index), said(index + 1)];
    const ratings = replies.map((text) => mark(text));
    return {
      id: user.id,
      round: 1,
      user: user.id,
      persona: user.persona,
      situation: "s",
      messages: [
        { role: "system", content: pack.prompts.assistant(user, personas[user.thought]) },
        { role: "user", content: OPENING },
        { role: "assistant", content: replies[0]! },
        { role: "user", content: `and now, says ${user.id}?` },
        { role: "assistant", content: replies[1]! },
      ],
      ratings,
      reasons: [index === 3 ? "it flatters me" : null, null],
      alternatives: replies.map((_, turn) => [
        { content: said(index + turn + 2), rating: mark(said(index + turn + 2)) },
      ]),
      reward: ratings[0]! + ratings[1]!,
      panel: [1, 2, 3].map((step) => {
        const rater = users[(index + step) % users.length]!;
        return { rater: rater.id, ratings: replies.map((text) => mark(text, rater.thought)) };
      }),
      error: null,
    };
  });
}

/** The rows that a method makes of them. */
export function dataOf(method: PreferenceData["method"]): PreferenceData {
  const talks = talksOf();
  const [top, bottom] = method === "kto" ? [talks.slice(0, 4), talks.slice(4)] : [talks, []];
  const wanted = { top: top.length, bottom: bottom.length };
  return toRows(method, { top, bottom, unusable: 0, wanted }, "1/round/1/preference");
}

const replayed: SftRow[] = ["one", "two", "three"].map((content) => ({
  prompt: [{ role: "user", content }],
  completion: [{ role: "assistant", content: "a fact." }],
  source: { interaction: "facts.jsonl:1", exchange: 0 },
}));

export type StageWorld = {
  tools: DefenceTools;
  /** How many times a model was asked. */
  asked: () => number;
};

/** What a stage with these settings is made from. Models answer nobody any more once the signal is aborted. */
export function stageWorld(
  settings: DefenceSettings,
  { module, signal }: { module?: unknown; signal?: AbortSignal } = {},
): StageWorld {
  const model = (answer: (said: string) => string) =>
    new FakeModel((messages) => {
      signal?.throwIfAborted();
      return answer(messages.at(-1)!.content);
    });
  const rater = model(() => "6");
  const judge = model((said) => (said.includes("go ahead") ? "2" : "9"));
  const files: Record<string, DefenceTools["files"][number]> = {
    replay: { replay: replayed },
    projection: { contrasts: [] },
    module: { module, options: {}, where: "preference.defences[0]" },
  };
  return {
    asked: () => rater.seen.length + judge.seen.length,
    tools: {
      files: [files[settings.kind] ?? null],
      pack,
      personas,
      rater,
      interaction: { temperature: 1, maxTokens: 5, reward: "sum" },
      projector: async () => async (replies) =>
        replies.map(({ completion }) => completion[0]!.content.length),
      resolveModel: async () => judge,
    },
  };
}

/** The default export of the stage that `candor init` writes. */
export async function scaffoldedStage(): Promise<unknown> {
  const { default: made } = await import(pathToFileURL(packageFile("scaffolds/stage.mjs")).href);
  return made;
}

/** What a stage is told of the round, beside what all rounds tell. */
export const round: Pick<DefenceContext, "users"> = { users: new Map(users.map((user) => [user.id, user])) };
