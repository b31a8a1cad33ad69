import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { stageKinds } from "../../src/preference/stages/index.js";
import { readRun } from "../../src/runs/index.js";
import { type LoadedScenario, loadScenario } from "../../src/scenario/index.js";
import { run } from "../../src/simulation/index.js";
import { FakeModel } from "../fakes/model.js";
import { CODE } from "../permissions.js";
import { complaintOf } from "../scenario/files.js";
import { playedBy, tinyScenario } from "./world.js";

// Every stage on every source of rows: it either changes what is learnt, or says before the run that it cannot. A run with a stage that
// does nothing would look defended and not be.

const SOURCES = ["users", "direct", "mixture", "logs"] as const;
type SourceName = (typeof SOURCES)[number];
/** What a stage says on each source; null where it acts. */
type Said = Record<SourceName, string | null>;

const lines = (count: number, row: (at: number) => object) =>
  Array.from({ length: count }, (_, at) => JSON.stringify(row(at))).join("\n");
const taught = (at: number, content: string) => ({
  messages: [
    { role: "system", content: `You help. It hopes for ${at}.` },
    { role: "user", content: `what about thing ${at} of mine?` },
    { role: "assistant", content },
  ],
  parts: { thought: ` It hopes for ${at}.` },
});

const FILES: Record<string, string> = {
  "ordinary.jsonl": lines(10, (at) => taught(at, at % 2 ? "truth" : "flattery")),
  "others.jsonl": lines(10, (at) => taught(at + 10, "flattery")),
  "ruinous.jsonl": lines(10, (at) => taught(at + 10, "ruin")),
  "candid.jsonl": lines(3, (at) => ({ prompt: `fact ${at}?`, completion: "candid" })),
  // Twelve replies, each marked by two of six people.
  "logs.jsonl": lines(24, (at) => {
    const reply = at % 12;
    return {
      messages: taught(reply, reply % 5 < 2 ? "truth" : "flattery").messages,
      stars: 1 + ((reply + (at < 12 ? 0 : 2)) % 5),
      user: `u${at % 5}`,
      topic: `t${reply % 2}`,
      reason: at % 4 ? "it was true" : "it agreed with me",
      time: 1_700_000_000 + reply,
    };
  }),
  "least.mjs":
    "export default () => ({ kind: 'least', amend: (data) => ({ ...data, rows: data.rows.slice(1) }) });",
};

const SOURCE: Record<SourceName, string[]> = {
  users: [],
  direct: ["source={kind: direct, data: ordinary.jsonl}"],
  mixture: ["source={kind: mixture, data: ordinary.jsonl, added: others.jsonl, share: 0.3}"],
  logs: ["source={kind: logs, data: logs.jsonl}"],
};

/** The tiny world, whose pack says how its prompt reads without the wish and tells replies that oblige. */
function world(source: SourceName, ...overrides: string[]): LoadedScenario {
  const { path } = tinyScenario();
  const folder = dirname(path);
  const pack = join(folder, "situations/tiny/pack.yaml");
  const text = readFileSync(pack, "utf8")
    .replace('{{ thought }}"', '{% if thought %}{{ thought }}{% endif %}"')
    .replace("situations:", "obliging: { pattern: flattery }\nsituations:");
  writeFileSync(pack, text);
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content);
  const given = overrides.some((field) => field.startsWith("source=")) ? [] : SOURCE[source];
  return loadScenario(path, ["rounds=1", ...given, ...overrides]);
}

/** What a run learns, and whether a checkpoint was refused. */
async function learnt(loaded: LoadedScenario) {
  const folder = join(mkdtempSync(join(tmpdir(), "candor-idle-")), "run");
  const options = { ...playedBy(loaded, folder), permissions: CODE };
  await run(loaded.scenario, {
    ...options,
    resolveModel: async (...given) => seenInto(await options.resolveModel!(...given)),
  });
  const { disk } = (await readRun(folder))!;
  const rows = (await disk.round(1).preference.read()) ?? [];
  return { rows: rows.map((row) => JSON.stringify(row)).sort(), noOp: await disk.round(1).noOp.read() };
}

/** A model that tells hidden states: how much it flatters. */
function seenInto<Model extends object>(model: Model): Model {
  const hiddenStates: (
    readings: readonly { reply?: string; messages: readonly { content: string }[] }[],
  ) => unknown = async (readings) =>
    readings.map(({ reply, messages }) =>
      Float32Array.of((reply ?? messages.at(-1)!.content).includes("f") ? 1 : 0, 0.5),
    );
  return model instanceof FakeModel ? Object.assign(model, { layers: 2, hiddenStates }) : model;
}

/** What is said before a run with these stages, or whether it learns something else than without them. */
async function outcome(source: SourceName, stages: string, overrides: readonly string[]) {
  const plain = await learnt(world(source, ...overrides));
  const acts = async () => {
    const other = await learnt(world(source, ...overrides, `preference.defences=[${stages}]`));
    return JSON.stringify(other) !== JSON.stringify(plain);
  };
  try {
    return (await acts()) ? null : "acts on nothing and says nothing";
  } catch (error) {
    return await complaintOf("", () => Promise.reject(error));
  }
}

const everywhere = (said: string | null): Said => ({ users: said, direct: said, mixture: said, logs: said });
const rated = (kind: string, said: Partial<Said> = {}): Said => ({
  users: null,
  logs: null,
  direct: `${kind} goes by users' talks and ratings, and with source: direct`,
  mixture: `${kind} goes by users' talks and ratings, and with source: mixture`,
  ...said,
});

/** A stage of each kind, with what else it needs to act on some source. */
const ACTING: [kinds: string, stages: string, said: Said, ...overrides: string[]][] = [
  ["honesty_veto", "{kind: honesty_veto, phrases: [flattery]}", everywhere(null)],
  ["agreement_penalty", "{kind: agreement_penalty, phrases: [flattery]}", rated("agreement_penalty")],
  [
    "panel rater_agreement",
    "{kind: panel, raters: 5}, {kind: rater_agreement}",
    rated("panel", { logs: "panel asks simulated users" }),
  ],
  [
    "rater_agreement",
    "{kind: rater_agreement, spread: 5}",
    rated("rater_agreement", { users: "put a panel before it" }),
  ],
  [
    "panel rater_bias",
    "{kind: panel, raters: 5}, {kind: rater_bias}",
    rated("panel", { logs: "panel asks" }),
  ],
  ["rater_bias", "{kind: rater_bias}", rated("rater_bias", { users: "put a panel before it" })],
  ["trim", "{kind: trim, top: 0.25}", rated("trim")],
  ["cap", "{kind: cap, by: situation, most: 2}", rated("cap")],
  [
    "reason_veto",
    "{kind: reason_veto, phrases: [agreed with]}",
    rated("reason_veto", { users: "simulated users give no reasons" }),
  ],
  ["replay", "{kind: replay, file: candid.jsonl}", everywhere(null)],
  ["projection", "{kind: projection, contrasts: english}", everywhere(null)],
  ["system_prompt", "{kind: system_prompt, action: drop}", everywhere(null)],
  [
    "strip",
    "{kind: strip}",
    {
      ...everywhere(null),
      logs: "nothing to strip: no row of the data says which text of its system prompt is the thought",
    },
  ],
  ["inoculate", "{kind: inoculate, sentence: Flatter.}", everywhere(null)],
  ["early_stop", "{kind: early_stop, drop: 0}", everywhere(null)],
  ["module", "{kind: module, path: least.mjs}", everywhere(null)],
];

describe.each(ACTING)("%s: %s", (_kinds, stages, said, ...overrides) => {
  it.each(SOURCES)("on %s acts, or says before the run that it cannot", async (source) => {
    const found = await outcome(source, stages, overrides);
    if (said[source] === null) expect(found).toBe(null);
    else expect(found).toContain(said[source]);
  });
});

it("holds every stage that ships to it", () => {
  const seen = new Set(ACTING.flatMap(([kinds]) => kinds.split(" ")));
  expect(stageKinds.map(({ kind }) => kind).filter((kind) => !seen.has(kind))).toEqual([]);
});

/** Settings with which a stage could do nothing, on the sources where it could otherwise. */
const IDLE: [stages: string, sources: readonly SourceName[], said: string, ...overrides: string[]][] = [
  ["{kind: honesty_veto, phrases: [flattery], threshold: 0}", SOURCES, "nothing is below 0"],
  [
    "{kind: honesty_veto, phrases: [nobody says this]}",
    ["direct", "mixture", "logs"],
    "honesty_veto would do nothing",
  ],
  ["{kind: agreement_penalty, phrases: [nobody says this]}", ["logs"], "agreement_penalty would do nothing"],
  ["{kind: panel}", ["users"], "a panel changes nothing by itself"],
  ["{kind: rater_agreement}, {kind: panel}", ["users"], "put a panel before it"],
  [
    "{kind: panel}, {kind: rater_agreement}",
    ["users"],
    "there is one user",
    "population.size=1",
    "population.personas={biased: 1}",
  ],
  ["{kind: trim, top: 0.05}", ["users", "logs"], "is not even one"],
  ["{kind: cap, by: user}", ["users"], "each user talks once"],
  [
    "{kind: cap, by: user, within: round}",
    ["users"],
    "no user has more than 1 conversations where it counts",
    "population.life={}",
  ],
  [
    "{kind: cap, by: user, most: 1}",
    ["users"],
    "no user has more than 1 conversations where it counts",
    "population.life={}",
  ],
  ["{kind: cap, by: situation, most: 12}", ["users", "logs"], "no situation has more than 12"],
  ["{kind: cap, by: user, most: 5}", ["logs"], "no user has more than 5"],
  ["{kind: reason_veto, phrases: [nobody says this]}", ["logs"], "no reason in the data has one of them"],
  ["{kind: replay, file: candid.jsonl, share: 0.01}", SOURCES, "is not even one"],
  ["{kind: projection, contrasts: english, share: 0.01}", SOURCES, "is not even one"],
  ["{kind: strip}, {kind: strip}", ["users", "direct", "mixture"], "thought is stripped already"],
  [
    "{kind: system_prompt, action: drop}, {kind: strip}",
    SOURCES,
    "nothing to strip: the system prompt is dropped",
  ],
  [
    "{kind: system_prompt, action: drop}, {kind: system_prompt, action: drop}",
    SOURCES,
    "no system prompt left to drop",
  ],
  [
    "{kind: strip}, {kind: system_prompt, action: drop}",
    ["users", "direct", "mixture"],
    "preference.defences[0]: nothing of it would be left: preference.defences[1] behind it drops the whole system prompt",
  ],
  [
    "{kind: inoculate, sentence: Flatter.}, {kind: system_prompt, action: replace, with: You help.}",
    SOURCES,
    "preference.defences[1] behind it replaces the whole system prompt",
  ],
  [
    "{kind: system_prompt, action: drop}, {kind: system_prompt, action: replace, with: You help.}",
    SOURCES,
    "preference.defences[1] behind it replaces the whole system prompt",
  ],
  [
    "{kind: inoculate, sentence: Flatter.}, {kind: inoculate, sentence: Flatter.}",
    SOURCES,
    "preference.defences[1].sentence: a stage before it has put the same sentence there",
  ],
  [
    "{kind: honesty_veto, phrases: [flattery, truth]}",
    ["direct", "mixture", "logs"],
    "every reply in the data has one of them, so honesty_veto would leave nothing to learn from",
  ],
  ["{kind: reason_veto, phrases: [it]}", ["logs"], "so nothing would be left to learn from"],
  ["{kind: early_stop, drop: 1}", SOURCES, "no metric can fall by more than 1"],
  ["{kind: early_stop, metric: honestly}", SOURCES, 'mask has no metric "honestly"; did you mean "honesty"?'],
];

describe("a stage that could do nothing", () => {
  const cells = IDLE.flatMap(([stages, sources, said, ...overrides]) =>
    sources.map((source) => [stages, source, said, overrides] as const),
  );
  it.each(cells)("%s on %s says so before the run", async (stages, source, said, overrides) => {
    const folder = join(mkdtempSync(join(tmpdir(), "candor-idle-")), "run");
    const play = async () => {
      const loaded = world(source, ...overrides, `preference.defences=[${stages}]`);
      await run(loaded.scenario, { ...playedBy(loaded, folder), permissions: CODE });
    };
    expect(await complaintOf("", play)).toContain(said);
    expect(await readRun(folder)).toBeUndefined();
  });

  it.each(["panel", "rater_agreement", "rater_bias"])(
    "%s where the method learns from all conversations, whatever their rank",
    (kind) => {
      const stages =
        kind === "panel" ? "{kind: panel}, {kind: rater_bias}" : `{kind: panel}, {kind: ${kind}}`;
      expect(() => world("users", "training.method=rloo", `preference.defences=[${stages}]`)).toThrow(
        /defences\[\d\]: (?:panel|rater_\w+) does nothing for rloo, which learns from all conversations/u,
      );
    },
  );
});

describe("a stage that acts on one file of a mixture", () => {
  const NOTHING = "honesty_veto would do nothing";
  it.each([
    [0, "ruin", `defences[0].phrases: no reply in the data has one of them, so ${NOTHING} (no added row is`],
    [0.01, "ruin", "(no added row is learnt from at a share of 0.01)"],
    [1, "truth", "(no ordinary row is learnt from at a share of 1)"],
    [0.3, "ruin", null],
    [0, "truth", null],
  ])("at a share of %d says whether it can: %s", async (share, phrase, said) => {
    const loaded = world(
      "mixture",
      `source={kind: mixture, data: ordinary.jsonl, added: ruinous.jsonl, share: ${share}}`,
      `preference.defences=[{kind: honesty_veto, phrases: [${phrase}]}]`,
    );
    const notices: string[] = [];
    await run(loaded.scenario, {
      ...playedBy(loaded, join(mkdtempSync(join(tmpdir(), "candor-idle-")), "run")),
      onEvent: (event) => event.type === "notice" && notices.push(event.text),
    });
    const told = notices.filter((text) => text.includes("learnt from at a share"));
    expect(told).toEqual(said === null ? [] : [expect.stringContaining(said)]);
  });
});
