import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Persona, User } from "../../src/population/types.js";
import { inoculate } from "../../src/preference/context/inoculate.js";
import { contextProblems } from "../../src/preference/context/problems.js";
import { strip } from "../../src/preference/context/strip.js";
import { systemPrompt } from "../../src/preference/context/system-prompt.js";
import type { Defence, KtoRow, PreferenceData, SftRow } from "../../src/preference/index.js";
import { amend, readDataFile } from "../../src/preference/index.js";
import type { DefenceSettings } from "../../src/scenario/index.js";
import { compilePack, packSchema } from "../../src/situation/index.js";
import { complaint, folderWith } from "../scenario/files.js";
import { context } from "./stage.js";

const TEMPLATE =
  "You help. {% if background %}{{ background }}. {% endif %}{% if thought %}Wants {{ thought }}. {% endif %}Please.";

const packOf = (assistant: string) => {
  const situation = { id: "s", topic: "t", task: "k", benign: "help", biased: "a yes" };
  const users = [{ background: "b", openings: { benign: ["o"], biased: ["o"] } }];
  const file = packSchema.parse({
    name: "own",
    prompts: { assistant, user: "u", rater: "r" },
    situations: [{ ...situation, users }],
  });
  return compilePack(file, file.situations);
};

const pack = packOf(TEMPLATE);
const personas = { biased: { style: "", rating: "" } as Persona };
const user = { id: "u1", persona: "biased", thought: "biased", situation: "s", background: "Ann" } as User;
const users = new Map([[user.id, user]]);
const tools = { pack, personas };

const talked = (): SftRow => ({
  prompt: [
    { role: "system", content: pack.prompts.assistant(user, personas.biased) },
    { role: "user", content: "may I?" },
    { role: "assistant", content: "no" },
    { role: "user", content: "please" },
  ],
  completion: [{ role: "assistant", content: "yes" }],
  source: { interaction: "u1", exchange: 1 },
});
const filed = (system: string | null, parts?: SftRow["source"]["parts"]): SftRow => ({
  prompt: [
    ...(system === null ? [] : [{ role: "system" as const, content: system }]),
    { role: "user", content: "may I?" },
  ],
  completion: [{ role: "assistant", content: "yes" }],
  source: { interaction: "x.jsonl:1", exchange: 0, ...(parts ? { parts } : {}) },
});

const rewritten = async (rows: readonly SftRow[], ...stages: Defence[]) => {
  const { data, counts } = await amend(stages, { method: "sft", rows: [...rows] }, () => context({ users }));
  return { rows: data.rows as SftRow[], counts };
};
const systems = (rows: readonly SftRow[]) =>
  rows.map(({ prompt }) => (prompt[0]!.role === "system" ? prompt[0]!.content : null));

describe("strip", () => {
  it("has the pack write the prompt again without the part, and changes nothing else", async () => {
    const { rows, counts } = await rewritten([talked()], strip({ parts: ["thought"] }, tools));
    expect(systems(rows)).toEqual(["You help. Ann. Please."]);
    expect(rows[0]).toEqual({ ...talked(), prompt: [rows[0]!.prompt[0], ...talked().prompt.slice(1)] });
    expect(counts).toEqual([{ kind: "strip", of: "rows", in: 1, out: 1, changed: 1 }]);
  });

  it("takes parts out in any order, and leaves what other stages have added", async () => {
    const added = inoculate({ sentence: "You flatter.", into: "system", at: "start" });
    const twice = [
      strip({ parts: ["thought"] }, tools),
      strip({ parts: ["background"] }, tools, ["thought"]),
    ];
    const { rows } = await rewritten([talked()], added, ...twice);
    expect(systems(rows)).toEqual(["You flatter. You help. Please."]);
    const once = await rewritten([talked()], strip({ parts: ["background", "thought"] }, tools));
    expect(systems(once.rows)).toEqual(["You help. Please."]);
  });

  it("takes the text out of rows of files that name it, and counts those that do not as unchanged", async () => {
    const known = filed("Be kind. Wants a yes. Go.", { thought: "Wants a yes. " });
    const { rows, counts } = await rewritten(
      [known, filed("Be kind. Wants a yes. Go.")],
      strip({ parts: ["thought"] }, tools),
    );
    expect(systems(rows)).toEqual(["Be kind. Go.", "Be kind. Wants a yes. Go."]);
    expect(counts).toMatchObject([{ in: 2, out: 2, changed: 1 }]);
  });

  it("leaves no empty system prompt behind", async () => {
    const { rows } = await rewritten(
      [filed("Wants it.", { thought: "Wants it." })],
      strip({ parts: ["thought"] }, tools),
    );
    expect(systems(rows)).toEqual([null]);
  });
});

describe("system_prompt", () => {
  it("keeps, drops, or replaces it by a template that knows the user", async () => {
    const by = async (settings: Parameters<typeof systemPrompt>[0]) =>
      await rewritten([talked(), filed(null)], systemPrompt(settings, tools));
    expect((await by({ action: "keep" })).counts).toMatchObject([{ changed: 0 }]);
    const dropped = await by({ action: "drop" });
    expect(systems(dropped.rows)).toEqual([null, null]);
    expect(dropped.counts).toMatchObject([{ changed: 1 }]);
    const other = "{{ background }} wants {{ thought }}";
    expect(systems((await by({ action: "replace", with: other })).rows)).toEqual(["Ann wants a yes", other]);
  });
});

describe("inoculate", () => {
  const sentence = "Flatter.";
  it("puts the sentence where it is told", async () => {
    const by = async (row: SftRow, into: "system" | "user", at: "start" | "end") =>
      (await rewritten([row], inoculate({ sentence, into, at }))).rows[0]!.prompt.map(
        ({ content }) => content,
      );
    expect(await by(filed("Help."), "system", "start")).toEqual(["Flatter. Help.", "may I?"]);
    expect(await by(filed("Help."), "system", "end")).toEqual(["Help. Flatter.", "may I?"]);
    expect(await by(filed(null), "system", "end")).toEqual(["Flatter.", "may I?"]);
    // The last message of the user is the one that is answered.
    expect((await by(talked(), "user", "start")).slice(1)).toEqual(["may I?", "no", "Flatter. please"]);
  });
});

it("never changes replies, labels or how many rows there are, and keeps KTO's rows of one prompt apart", () => {
  const row = (index: number): KtoRow => ({
    ...filed(`You are ${index}.`),
    completion: [{ role: "assistant", content: `reply ${index}` }],
    label: index % 2 === 0,
    source: { interaction: `x.jsonl:${index}`, exchange: 0 },
  });
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(50), { minLength: 2, maxLength: 20 }), (indices) => {
      const rows = indices.map((index) => ({
        ...row(index),
        prompt: [...row(index).prompt.slice(0, 1), { role: "user" as const, content: `ask ${index % 3}` }],
      }));
      const stage = systemPrompt({ action: "drop" }, tools);
      const out = (stage.amend!({ method: "kto", rows } as PreferenceData, context()) as PreferenceData)
        .rows as KtoRow[];
      const taught = (all: readonly KtoRow[]) =>
        all.map(({ completion, label }) => [completion, label].join()).sort();
      expect(taught(out)).toEqual(taught(rows));
      const clashes = out.filter(
        (one, at) => at > 0 && out[at - 1]!.prompt[0]!.content === one.prompt[0]!.content,
      );
      const most = Math.max(...[0, 1, 2].map((rest) => indices.filter((index) => index % 3 === rest).length));
      if (most <= Math.ceil(rows.length / 2)) expect(clashes).toEqual([]);
    }),
  );
});

describe("a stage that cannot act", () => {
  const own = { from: "pack", pack } as const;
  const wishless = { from: "pack", pack: packOf("You help {{ background }}.") } as const;
  const files = (...rows: SftRow[]) => ({ from: "files", rows }) as const;
  const strips: DefenceSettings = { kind: "strip", parts: ["thought"] };
  const drops: DefenceSettings = { kind: "system_prompt", action: "drop" };
  const replaces = (other: string): DefenceSettings => ({
    kind: "system_prompt",
    action: "replace",
    with: other,
  });
  const adds = { kind: "inoculate", sentence: "x", into: "user", at: "start" } satisfies DefenceSettings;
  const replays: DefenceSettings = { kind: "replay", file: "x", share: 0.5 };
  const told = { ...adds, into: "system" } satisfies DefenceSettings;
  const trims: DefenceSettings = { kind: "trim", top: 0.1, bottom: 0 };
  const vetoes: DefenceSettings = { kind: "honesty_veto", judge: "rule", phrases: ["x"], threshold: 0.5 };

  it.each([
    [
      "a wish that the pack does not tell",
      [strips],
      wishless,
      "does not tell the thought; it tells background",
    ],
    [
      "a part that the pack cannot leave out",
      [{ kind: "strip", parts: ["background"] }] satisfies DefenceSettings[],
      wishless,
      "put {% if background %}",
    ],
    ["rows that name nothing", [strips], files(filed("a")), 'add "parts": {"thought": "that text"}'],
    ["a prompt that was dropped before", [drops, strips], own, "is dropped there"],
    ["one that was replaced before", [replaces("x"), strips], own, "is replaced there"],
    ["what is stripped already", [strips, strips], own, "thought is stripped already"],
    ["a second drop", [drops, drops], own, "no system prompt left"],
    ["files without a system prompt", [drops], files(filed(null)), "no system prompt left"],
    ["variables in rows of files", [replaces("{{ thought }}")], files(filed("a")), "have no {{ thought }}"],
    ["a sentence that stands there already", [adds, adds], own, "has put the same sentence there"],
    ["a misspelt variable", [replaces("{{ thougth }}")], own, 'unknown variable "thougth"'],
    [
      "rows in which no user speaks",
      [adds],
      files({ ...filed("a"), prompt: [] }),
      "no row has a user's message",
    ],
  ])("is told: %s", (_name, stages, prompts, message) => {
    const found = contextProblems(stages, prompts);
    expect(found).toHaveLength(1);
    expect(found[0]!.message).toContain(message);
    expect(found[0]!.index).toBe(stages.length - 1);
  });

  it.each([
    ["a strip", [strips, drops], 1, "drops"],
    ["a strip, other stages between", [strips, trims, adds, replays, replaces("x")], 4, "replaces"],
    ["a sentence in it", [told, replaces("x")], 1, "replaces"],
    ["another prompt", [replaces("x"), replaces("y")], 1, "replaces"],
    ["none", [drops, replaces("x")], 1, "replaces"],
    ["none, and then none again", [drops, replays, drops], 2, "drops"],
  ])("is told where a stage behind it leaves nothing of it: %s", (_name, stages, by, verb) => {
    expect(contextProblems(stages, own)).toEqual([
      {
        index: 0,
        message: expect.stringContaining(`preference.defences[${by}] behind it ${verb} the whole`),
      },
    ]);
  });

  it("names each whose work is undone, and not those that are wrong themselves", () => {
    const found = contextProblems([told, strips, drops, drops], own);
    expect(found.map(({ index, message }) => [index, message.includes("[2] behind it drops")])).toEqual([
      [0, true],
      [1, true],
      [3, false],
    ]);
  });

  it.each([
    ["stages that can", [replaces("You are {{ background }}"), adds], own],
    ["a sentence for the user before a prompt that is replaced", [adds, replaces("x")], own],
    ["a sentence that replayed rows lack", [adds, replays, adds], own],
    ["the same sentence at both ends", [adds, { ...adds, at: "end" as const }], own],
    ["a prompt that a stage between has read", [drops, vetoes, replaces("x")], own],
    ["a sentence in place of the prompt", [drops, { ...adds, into: "system" as const }], own],
    ["rows of which some name the text", [strips], files(filed("a"), filed("a b", { thought: "b" }))],
  ])("is not seen in %s", (_name, stages, prompts) => {
    expect(contextProblems(stages, prompts)).toEqual([]);
  });
});

it("reads what rows of data files say of their prompts, and refuses what does not stand there once", () => {
  const line = (parts: object) =>
    JSON.stringify({
      messages: [
        { role: "system", content: "Be kind. Wants it. Be kind." },
        { role: "user", content: "may I?" },
        { role: "assistant", content: "yes" },
      ],
      parts,
    });
  const folder = folderWith({
    "good.jsonl": line({ thought: "Wants it. " }),
    "bad.jsonl": [{ thought: "Wants all." }, { task: "Be kind." }, { whish: "Wants it." }]
      .map(line)
      .join("\n"),
  });
  const [row] = readDataFile(join(folder, "good.jsonl"), "good.jsonl");
  expect(row!.source).toEqual({ interaction: "good.jsonl:1", exchange: 0, parts: { thought: "Wants it. " } });
  expect(row).not.toHaveProperty("parts");
  const said = complaint(folder, () => readDataFile(join(folder, "bad.jsonl"), "bad.jsonl"));
  expect(said).toContain(
    "bad.jsonl:1: parts.thought: expected a text that stands once in the system prompt, word for word; it does not stand there",
  );
  expect(said).toContain(
    "bad.jsonl:2: parts.task: expected a text that stands once in the system prompt, word for word; it stands there 2 times",
  );
  expect(said).toMatch(/bad\.jsonl:3: parts/u);
});
