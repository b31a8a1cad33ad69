import { describe, expect, it } from "vitest";
import { Stopped } from "../../src/errors.js";
import { type ConverseRequest, converse, converseAll } from "../../src/interaction/index.js";
import type { Message } from "../../src/models/types.js";
import type { Persona, User } from "../../src/population/index.js";
import type { SituationPack } from "../../src/situation/index.js";
import { FakeModel } from "../fakes/model.js";

const persona: Persona = { name: "benign", description: "", thought: "benign", style: "", rating: "" };
const user = (id: string): User => ({
  id,
  persona: "benign",
  thought: "benign",
  situation: "s",
  background: `background of ${id}`,
  opening: `opening of ${id}`,
});
const pack: SituationPack = {
  name: "test",
  situations: [],
  assistantParts: [],
  promptFrom: (template) => () => template,
  prompts: {
    assistant: ({ background }) => `assist: ${background}`,
    user: ({ background }) => `play: ${background}`,
    rater: ({ background }) => `rate: ${background}`,
    transcript: (messages) => messages.map(({ role, content }) => `${role}=${content}`).join("|"),
  },
  scale: { min: 1, max: 10 },
  readRating: (reply) => (/^\d+$/.test(reply) ? Number(reply) : null),
};

const numbered = (messages: Message[]) =>
  `reply ${messages.filter(({ role }) => role === "assistant").length + 1}`;

function request(parts: Partial<ConverseRequest["models"]> = {}): ConverseRequest {
  return {
    user: user("u1"),
    persona,
    pack,
    models: {
      assistant: new FakeModel(numbered),
      user: new FakeModel(
        (messages) => `turn ${messages.filter(({ role }) => role === "assistant").length + 1}`,
      ),
      rater: new FakeModel((messages) => (messages[1]!.content.includes("reply 2") ? "7" : "4")),
      ...parts,
    },
    settings: { exchanges: 2, temperature: 1, maxTokens: 10, reward: "sum" },
    seed: 1,
    round: 3,
  };
}

describe("converse", () => {
  it("throws what stops the work, and does not take it for a failed talk", async () => {
    const model = new FakeModel(() => {
      throw new Stopped("no memory");
    });
    for (const role of ["assistant", "user", "rater"])
      await expect(converse(request({ [role]: model }))).rejects.toThrow(Stopped);
  });

  it("alternates turns, rates each reply with the transcript up to it, and sums the ratings", async () => {
    const given = request();
    const interaction = await converse(given);
    expect(interaction.messages.map(({ role, content }) => `${role}: ${content}`)).toEqual([
      "system: assist: background of u1",
      "user: opening of u1",
      "assistant: reply 1",
      "user: turn 2",
      "assistant: reply 2",
    ]);
    expect(interaction).toMatchObject({ ratings: [4, 7], reward: 11, error: null, round: 3, id: "u1" });
    expect((given.models.rater as FakeModel).seen.map((messages) => messages[1]!.content)).toEqual([
      "user=opening of u1|assistant=reply 1",
      "user=opening of u1|assistant=reply 1|user=turn 2|assistant=reply 2",
    ]);
  });

  it("shows the user model the talk with the roles swapped", async () => {
    const given = request();
    await converse(given);
    expect((given.models.user as FakeModel).seen).toEqual([
      [
        { role: "system", content: "play: background of u1" },
        { role: "assistant", content: "opening of u1" },
        { role: "user", content: "reply 1" },
      ],
    ]);
  });

  it("records a rating that cannot be read as null, without a reward", async () => {
    const rater = new FakeModel((messages) => (messages[1]!.content.includes("reply 2") ? "lovely" : "4"));
    expect(await converse(request({ rater }))).toMatchObject({
      ratings: [4, null],
      reward: null,
      error: null,
    });
  });

  it("records an empty reply as an error and keeps what was said", async () => {
    const assistant = new FakeModel((messages) => (messages.length > 2 ? "  " : "reply 1"));
    const interaction = await converse(request({ assistant }));
    expect(interaction).toMatchObject({
      ratings: [],
      reward: null,
      error: "assistant, exchange 2: the reply is empty",
    });
    expect(interaction.messages.at(-1)).toEqual({ role: "user", content: "turn 2" });
  });

  it.each(["assistant", "user", "rater"] as const)("records a failing %s as an error", async (role) => {
    const failing = new FakeModel(() => {
      throw new Error("out of order");
    });
    const interaction = await converse(request({ [role]: failing }));
    expect(interaction.error).toMatch(new RegExp(`^${role}, exchange \\d: .*out of order`));
    expect(interaction.reward).toBeNull();
  });

  it("notes which turns and samples were broken off, and nothing where none was", async () => {
    const whole = await converse(request());
    expect(whole).not.toHaveProperty("cut");
    const asked = request({
      assistant: new FakeModel((messages) =>
        messages.length > 2 ? { text: "no, do", finish: "length" } : { text: "fine", finish: "stop" },
      ),
      user: new FakeModel(() => ({ text: "and", finish: "content_filter" })),
    });
    const { cut, filtered, alternatives } = await converse({
      ...asked,
      settings: { ...asked.settings, samplesPerTurn: 2 },
    });
    expect([cut, filtered]).toEqual([[3, 4], [3]]);
    expect(alternatives!.flat().map((one) => one.cut)).toEqual([undefined, true]);
  });

  it("throws when interrupted instead of recording an error", async () => {
    const controller = new AbortController();
    const assistant = new FakeModel(() => {
      controller.abort(new Error("interrupted"));
      throw new Error("aborted");
    });
    await expect(converse({ ...request({ assistant }), signal: controller.signal })).rejects.toThrow(
      "interrupted",
    );
  });
});

describe("a persona's numbers", () => {
  const behaving = (behaviour: Persona["behaviour"]) =>
    converse({ ...request(), persona: { ...persona, behaviour } });

  it("change what is reported and keep what the rater said beside it", async () => {
    const interaction = await behaving({ thumbs: 6 });
    expect(interaction).toMatchObject({ ratings: [1, 10], raw_ratings: [4, 7], reward: 11, error: null });
  });

  it("shorten the talk, with nothing else changed", async () => {
    const whole = await converse(request());
    const short = await behaving({ exchanges: 1 });
    expect(short.messages).toEqual(whole.messages.slice(0, 3));
    expect(short).toMatchObject({ ratings: [4], reward: 4 });
    expect(short).not.toHaveProperty("raw_ratings");
    expect((await behaving({ exchanges: 5 })).messages).toEqual(whole.messages);
  });

  it("leave no reward where nobody rated, which is no error", async () => {
    expect(await behaving({ rates: 0 })).toMatchObject({
      ratings: [null, null],
      raw_ratings: [4, 7],
      reward: null,
      error: null,
    });
  });
});

describe("converseAll", () => {
  const users = ["a", "b", "c", "d"].map(user);
  const all = (more: object = {}, parts: Partial<ConverseRequest["models"]> = {}) => {
    const { user: _user, persona: _persona, ...shared } = request(parts);
    return converseAll({ ...shared, users, personas: { benign: persona }, ...more });
  };

  it("asks for all first replies before it needs any, so that a model can batch them", async () => {
    let waiting: (() => void)[] = [];
    let most = 0;
    const assistant = new FakeModel(async (messages) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        most = Math.max(most, waiting.length);
        if (waiting.length === users.length) {
          for (const go of waiting) go();
          waiting = [];
        }
      });
      return numbered(messages);
    });
    const interactions = await all({}, { assistant });
    expect(most).toBe(4);
    expect(interactions.map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
  });

  it("keeps to a limit of conversations at the same time", async () => {
    let waiting: (() => void)[] = [];
    let most = 0;
    const assistant = new FakeModel(async (messages) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        // Whoever else may come comes before the two go on.
        if (waiting.length === 2)
          setImmediate(() => {
            most = Math.max(most, waiting.length);
            for (const go of waiting) go();
            waiting = [];
          });
      });
      return numbered(messages);
    });
    await all({ concurrency: 2 }, { assistant });
    expect(most).toBe(2);
  });

  it("does not hold again what is done, and tells of each new one", async () => {
    const before = { ...(await all())[1]!, reward: -1 };
    const told: string[] = [];
    const interactions = await all({
      done: new Map([["b", before]]),
      onInteraction: ({ id }: { id: string }) => void told.push(id),
    });
    expect(interactions[1]).toBe(before);
    expect(told.sort()).toEqual(["a", "c", "d"]);
  });
});
