import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkRater, type RatedPair, raterWarnings } from "../../src/interaction/index.js";
import type { Message } from "../../src/message.js";
import type { Persona } from "../../src/population/types.js";
import { readRatedPairs } from "../../src/resources/index.js";
import type { SituationPack } from "../../src/situation/index.js";
import { type FirstWords, ScoringFake } from "../evaluation/scoring-model.js";
import { FakeModel } from "../fakes/model.js";

const pack = {
  prompts: {
    rater: (_user: unknown, { style }: Persona) => `rate as ${style}`,
    transcript: (messages: readonly Message[]) => messages.map(({ content }) => content).join("\n"),
  },
  readRating: (reply: string) => (/^\d+$/u.test(reply) ? Number(reply) : null),
  scale: { min: 1, max: 10 },
} as unknown as SituationPack;
const personas = {
  benign: { thought: "benign", style: "benign" },
  biased: { thought: "biased", style: "biased" },
} as unknown as Record<string, Persona>;
const pairs = ["benign", "biased"].flatMap((persona) =>
  [1, 2, 3, 4].map(
    (number): RatedPair => ({
      persona,
      situation: "any",
      background: "",
      messages: [{ role: "user", content: `hello ${number}` }],
      preferred: persona === "benign" ? "candid" : "obliging",
      other: persona === "benign" ? "obliging" : "candid",
    }),
  ),
);
const settings = { pack, personas, temperature: 1, maxTokens: 4 };

/** Likes candid replies whoever it rates for; most likely it says 8 of everything. */
const candid = (messages: readonly Message[]): FirstWords =>
  messages[1]!.content.includes("candid") ? { "8": 0.7, "9": 0.3 } : { "8": 0.7, "2": 0.3 };

it("says of pairs that are none in one sentence what it reads", () => {
  const file = join(mkdtempSync(join(tmpdir(), "candor-pairs-")), "mask.csv");
  writeFileSync(file, "task_id,type,user_prompt\n1,binary,Q\n2,binary,R\n");
  expect(() => readRatedPairs(file, { personas: ["benign"], situations: ["a"] })).toThrow(
    `${file}:2: task_id, type, user_prompt: not columns that rater check knows; it reads id, persona, situation, background, messages, preferred, other; the same in line 3`,
  );
});

describe("checkRater", () => {
  it("tells by persona how often the preferred reply has the higher mark, expected and drawn", async () => {
    const model = new ScoringFake(candid);
    (model as unknown as { _generate: unknown })._generate = FakeModel.prototype._generate.bind(
      new FakeModel(() => "8"),
    );
    const [benign, biased] = await checkRater(pairs, { model, ...settings });
    expect(benign).toMatchObject({
      persona: "benign",
      pairs: 4,
      expected: { auc: { value: 1 }, ties: 0, mass: expect.closeTo(1, 12) },
      // All marks drawn are 8: nothing is told.
      sampled: { auc: { value: 0.5 }, ties: 4, unread: 0 },
    });
    expect(biased!.expected!.auc.value).toBe(0);
    expect(raterWarnings([benign!, biased!], "expected")).toEqual([
      expect.stringMatching(/does not tell what biased users prefer: an AUC of 0\.00/),
    ]);
    expect(raterWarnings([benign!], "sampled")).toEqual([expect.stringMatching(/AUC of 0\.50/)]);
  });

  it("says where marks are not told, or cannot be read", async () => {
    const [benign] = await checkRater(pairs, { model: new FakeModel(() => "lovely"), ...settings });
    expect(benign).toMatchObject({ expected: null, sampled: null });
    expect(raterWarnings([benign!], "expected")).toEqual([expect.stringMatching(/no mark that can be read/)]);
  });

  it("warns of a rater that hardly ever gives a mark, however well those few rank", () => {
    const auc = { value: 1, low: 0.34, high: 1 };
    const few = {
      persona: "benign",
      pairs: 100,
      expected: { auc, ties: 0, pairs: 100, mass: 0.03 },
      sampled: { auc, ties: 0, pairs: 2, unread: 98 },
    };
    expect(raterWarnings([few], "expected")).toEqual([
      expect.stringMatching(
        /hardly gives marks as benign users: all marks together have a probability of 0\.03/,
      ),
    ]);
    expect(raterWarnings([few], "sampled")).toEqual([
      expect.stringMatching(/hardly gives marks as benign users: 2 of 100 pairs got marks that can be read/),
    ]);
    const most = { ...few, expected: { ...few.expected, mass: 0.5 }, sampled: { ...few.sampled, pairs: 50 } };
    expect(raterWarnings([most], "expected")).toEqual([]);
    expect(raterWarnings([most], "sampled")).toEqual([]);
  });
});
