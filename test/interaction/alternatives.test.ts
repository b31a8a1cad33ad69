import { describe, expect, it } from "vitest";
import { type ConverseRequest, converse } from "../../src/interaction/index.js";
import type { Message } from "../../src/models/types.js";
import type { Behaviour, Persona, User } from "../../src/population/index.js";
import type { SituationPack } from "../../src/situation/index.js";
import { FakeModel } from "../fakes/model.js";

const user: User = {
  id: "u1",
  persona: "benign",
  thought: "benign",
  situation: "s",
  background: "b",
  opening: "hello",
};
const pack: SituationPack = {
  name: "test",
  situations: [],
  assistantParts: [],
  promptFrom: (template) => () => template,
  prompts: {
    assistant: () => "assist",
    user: () => "play",
    rater: () => "rate",
    transcript: (messages) => messages.map(({ content }) => content).join("|"),
  },
  scale: { min: 1, max: 10 },
  readRating: (reply) => (/^\d+$/.test(reply) ? Number(reply) : null),
};

const turns = (messages: readonly Message[]) => messages.filter(({ role }) => role === "assistant").length;

/** The n-th reply to a turn is `reply <turn>.<n>`, and is rated n. */
function request(samplesPerTurn: number | undefined, behaviour?: Behaviour): ConverseRequest {
  const asked = new Map<number, number>();
  const persona: Persona = {
    name: "benign",
    description: "",
    thought: "benign",
    style: "",
    rating: "",
    ...(behaviour ? { behaviour } : {}),
  };
  return {
    user,
    persona,
    pack,
    models: {
      assistant: new FakeModel((messages) => {
        const turn = turns(messages) + 1;
        asked.set(turn, (asked.get(turn) ?? 0) + 1);
        return `reply ${turn}.${asked.get(turn)}`;
      }),
      user: new FakeModel((messages) => `turn ${turns(messages) + 1}`),
      rater: new FakeModel((messages) => messages[1]!.content.at(-1)!),
    },
    settings: { exchanges: 2, temperature: 1, maxTokens: 10, reward: "sum", samplesPerTurn },
    seed: 1,
    round: 1,
  };
}

describe("several samples a turn", () => {
  it("goes on from the first and has the user rate the others in its place", async () => {
    const given = request(3);
    const { messages, ratings, alternatives, reward } = await converse(given);
    expect(messages.filter(({ role }) => role === "assistant").map(({ content }) => content)).toEqual([
      "reply 1.1",
      "reply 2.1",
    ]);
    expect({ ratings, reward }).toEqual({ ratings: [1, 1], reward: 2 });
    expect(alternatives).toEqual([
      [
        { content: "reply 1.2", rating: 2 },
        { content: "reply 1.3", rating: 3 },
      ],
      [
        { content: "reply 2.2", rating: 2 },
        { content: "reply 2.3", rating: 3 },
      ],
    ]);
    const heard = (given.models.rater as FakeModel).seen.map((messages) => messages[1]!.content).sort();
    expect(heard).toEqual([
      "hello|reply 1.1",
      "hello|reply 1.1|turn 2|reply 2.1",
      "hello|reply 1.1|turn 2|reply 2.2",
      "hello|reply 1.1|turn 2|reply 2.3",
      "hello|reply 1.2",
      "hello|reply 1.3",
    ]);
  });

  it("changes nothing of the conversation itself", async () => {
    const { alternatives: _none, ...several } = await converse(request(3));
    expect(several).toEqual(await converse(request(undefined)));
    expect(await converse(request(1))).not.toHaveProperty("alternatives");
  });

  it("draws the persona's noise anew for each reply, and silence for all", async () => {
    const noisy = await converse(request(40, { noise: 3 }));
    const offsets = noisy.alternatives![0]!.map(({ rating, raw_rating }) => rating! - raw_rating!);
    expect(new Set(offsets).size).toBeGreaterThan(3);
    const silent = await converse(request(3, { rates: 0 }));
    expect(silent.ratings).toEqual([null, null]);
    expect(silent.alternatives!.flat().every(({ rating }) => rating === null)).toBe(true);
  });

  it("makes the conversation unusable where one of the samples fails", async () => {
    const failing = request(2);
    let calls = 0;
    failing.models.assistant = new FakeModel(() => {
      calls += 1;
      return calls === 2 ? "" : "reply 1.1";
    });
    const interaction = await converse(failing);
    expect(interaction).toMatchObject({ reward: null, error: "assistant, exchange 1: the reply is empty" });
  });
});
