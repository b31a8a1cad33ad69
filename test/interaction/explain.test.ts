import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ConverseRequest, converse } from "../../src/interaction/index.js";
import type { Message } from "../../src/models/types.js";
import { NOTHING } from "../../src/permissions/index.js";
import { toRows } from "../../src/preference/rows.js";
import { loadResources } from "../../src/resources/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { FakeModel } from "../fakes/model.js";

/** Marks the first reply 3 and the second 8, says why and writes another answer. */
const rater = (said: Partial<Record<"why" | "instead", string | { text: string; finish: string }>> = {}) =>
  new FakeModel((messages) => {
    const [{ content: asked }, { content: shown }] = messages as [Message, Message];
    if (asked === "rate") return shown.includes("reply 2") ? "8" : "3";
    return asked.includes("why you gave it that mark")
      ? (said.why ?? "It agreed with me.")
      : (said.instead ?? "Better.");
  });

function request(explain?: { reasons: boolean; editsTo?: number }, model = rater()): ConverseRequest {
  return {
    user: { id: "u1", persona: "p", situation: "s", background: "b", opening: "hello", thought: "t" },
    persona: { name: "p" },
    pack: {
      prompts: {
        assistant: () => "secret",
        user: () => "play",
        rater: () => "rate",
        transcript: (messages: Message[]) => messages.map(({ content }) => content).join("|"),
      },
      promptFrom: (template: string) => () => template,
      scale: { min: 1, max: 10 },
      readRating: Number,
    },
    models: {
      assistant: new FakeModel(
        (messages) => `reply ${messages.filter(({ role }) => role === "user").length}`,
      ),
      user: new FakeModel(() => "go on"),
      rater: model,
    },
    settings: { exchanges: 2, temperature: 1, maxTokens: 9, reward: "sum", ...(explain ? { explain } : {}) },
    seed: 1,
    round: 1,
  } as unknown as ConverseRequest;
}

describe("what users say of replies beside their marks", () => {
  it("is nothing where nobody asks", async () => {
    const talk = await converse(request());
    expect(talk).not.toHaveProperty("reasons");
    expect(talk).not.toHaveProperty("edits");
  });

  it("is a reason for each mark, asked with the talk so far and the mark, without the assistant's own prompt", async () => {
    const model = rater();
    const talk = await converse(request({ reasons: true }, model));
    expect(talk).toMatchObject({ ratings: [3, 8], reasons: ["It agreed with me.", "It agreed with me."] });
    expect(talk).not.toHaveProperty("edits");
    const asked = model.seen.filter(([system]) => system!.content.includes("why you gave"));
    expect(asked.map(([, shown]) => shown!.content)).toEqual([
      "hello|reply 1\n\nYour mark: 3, on a scale from 1 to 10.",
      "hello|reply 1|go on|reply 2\n\nYour mark: 8, on a scale from 1 to 10.",
    ]);
    expect(JSON.stringify(asked)).not.toContain("secret");
  });

  it("is another answer in place of those marked no higher than asked, and it is learnt in their place", async () => {
    const talk = await converse(request({ reasons: false, editsTo: 3 }));
    expect(talk).toMatchObject({ ratings: [3, 8], edits: ["Better.", null], reward: 11 });
    const { rows } = toRows(
      "sft",
      { top: [talk], bottom: [], unusable: 0, wanted: { top: 1, bottom: 0 } },
      "s",
    );
    expect(rows.map((row) => "completion" in row && row.completion[0]!.content)).toEqual([
      "Better.",
      "reply 2",
    ]);
    // The talk went on from what was given.
    expect(JSON.stringify(rows[1]!.prompt)).toContain("reply 1");
  });

  it("is null where the user gave no mark, has nothing to say or was broken off", async () => {
    const silent = request({ reasons: true, editsTo: 10 });
    const quiet = {
      ...silent,
      persona: { name: "p", behaviour: { rates: 0 } },
    } as unknown as ConverseRequest;
    expect(await converse(quiet)).toMatchObject({ ratings: [null, null], reasons: [null, null] });
    const said = rater({ why: "  ", instead: { text: "Bett", finish: "length" } });
    expect(await converse(request({ reasons: true, editsTo: 10 }, said))).toMatchObject({
      reasons: [null, null],
      edits: [null, null],
      error: null,
    });
  });
});

describe("scenarios in which users say more than a mark", () => {
  const written = (...lines: string[]) => {
    const path = join(mkdtempSync(join(tmpdir(), "candor-explain-")), "x.yaml");
    const users = "population: { size: 4, personas: { benign: rest } }";
    writeFileSync(path, ["name: x", users, ...lines].join("\n"));
    return path;
  };
  it.each([
    [
      [
        "interaction: { reasons: true, feedback: choices }",
        "preference: { samples_per_turn: 2 }",
        "training: { method: dpo }",
      ],
      "interaction.reasons: users who choose give no marks",
    ],
    [
      ["interaction: { edits_to: 4 }", "training: { method: rloo, num_generations: 4 }"],
      "interaction.edits_to: rloo learns from marks on what it draws itself",
    ],
    [
      ["interaction: { edits_to: 4 }", "source: { kind: logs, data: x.csv }"],
      "interaction.edits_to: only simulated users are asked",
    ],
  ])("refuse what cannot act: %j", (lines, message) => {
    expect(() => loadScenario(written(...lines))).toThrow(message);
  });

  it.each(["reasons: true", "edits_to: 0"])(
    "refuse %s in a language that users are not asked in",
    async (field) => {
      const path = written(`interaction: { ${field} }`);
      const { scenario } = loadScenario(path);
      await expect(loadResources(scenario, { scenarioPath: path, permissions: NOTHING })).rejects.toThrow(
        `interaction.${field.split(":")[0]}: users are asked in English, and situations: minnow is written in minnow; leave it out`,
      );
    },
  );
});
