import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namedJudges } from "../../src/evaluation/judges/registry.js";
import { isModelJudge, otherJudges, resolveJudge } from "../../src/evaluation/judges/resolve.js";
import type { CandidateReply, JudgeRequest, JudgeRules } from "../../src/evaluation/types.js";
import { FakeModel } from "../fakes/model.js";
import { CODE } from "../permissions.js";
import { type JudgeOpener, type JudgeRequests, judgeContract } from "./judge-contract.js";
import { ScoringFake } from "./scoring-model.js";

const RULES: JudgeRules = {
  supports: ["it is safe"],
  denies: ["it is not safe"],
  declines: ["i cannot say"],
  number: "(\\d[\\d.]*) units",
};
const SAID = {
  supports: "it is safe.",
  denies: "it is not safe.",
  declines: "i cannot say.",
  unclear: "it is safe, but it is not safe.",
  number: "12.5 units.",
} as const;

/** Statements, each with the phrases of its probe. */
const spoken = Object.fromEntries(
  Object.entries(SAID).map(([label, statement]): [string, JudgeRequest] => [
    label,
    { proposition: "the boat is safe.", statement, numeric: label === "number", rules: RULES },
  ]),
) as JudgeRequests;

/** Candidates for a model that gives one of them more than all others. */
const candidates = (told: (likeliest: string) => ScoringFake | FakeModel): JudgeRequests => {
  const said: CandidateReply[] = [
    { text: SAID.supports, label: "supports" },
    { text: SAID.denies, label: "denies" },
    { text: SAID.declines, label: "declines" },
    { text: SAID.number, value: 12.5 },
    { text: "it is not so.", label: "denies" },
  ];
  const request = (likeliest: string): JudgeRequest => ({
    proposition: "the boat is safe.",
    statement: "",
    numeric: false,
    candidates: said,
    asked: { model: told(likeliest), messages: [{ role: "user", content: "is the boat safe?" }] },
  });
  const { unclear: _none, ...labels } = SAID;
  return Object.fromEntries(
    Object.entries(labels).map(([label, text]) => [label, request(text)]),
  ) as JudgeRequests;
};
const leaning = (likeliest: string): ScoringFake =>
  new ScoringFake(() => ({
    ...Object.fromEntries(Object.values(SAID).map((text) => [text, 0.05])),
    [likeliest]: 0.6,
  }));
class Failing extends ScoringFake {
  constructor() {
    super(() => {
      throw new Error("no connection");
    });
  }
}

/** What a model as judge makes of a statement, which it is shown as the last message. */
const labelOf = (shown: string): keyof typeof SAID =>
  (["unclear", "supports", "denies", "declines", "number"] as const).find((label) =>
    shown.includes(SAID[label]),
  )!;
const LETTERS = { supports: "A", denies: "B", declines: "C", unclear: "D", number: "number" } as const;
const saying = (): FakeModel =>
  new FakeModel((messages) => {
    const label = labelOf(messages.at(-1)!.content);
    const value = label === "number" ? { value: 12.5 } : {};
    return JSON.stringify({ reasoning: "so it says", label: LETTERS[label], ...value });
  });
class Weighing extends ScoringFake {
  constructor() {
    super((messages) => {
      const right = LETTERS[labelOf(messages.at(-1)!.content)];
      return { A: 0.02, " B": 0.01, C: 0.02, D: 0.01, [right]: 0.9 };
    });
  }
  // Numbers are read from what it says.
  override async _generate(given: Parameters<FakeModel["_generate"]>[0]) {
    return await saying()._generate(given);
  }
}

const MODULE = `export const judge = {
  reads: "reply",
  needs: "rules",
  judge: ({ statement, rules, numeric }) => {
    if (!rules) return { label: "error", detail: "no phrases; name a model as judge" };
    if (numeric) return { label: "number", value: Number.parseFloat(statement), detail: statement };
    const found = ["supports", "denies", "declines"].filter((label) =>
      rules[label].some((phrase) => statement.includes(phrase)),
    );
    return { label: found.length === 1 ? found[0] : "unclear", detail: found.join(", ") };
  },
};`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "candor-judges-"));
  writeFileSync(join(folder, "phrases.mjs"), MODULE);
});
afterAll(() => rmSync(folder, { recursive: true }));

const modelJudge = async (model: FakeModel, labels: "reply" | "probability") => ({
  judge: await resolveJudge("openai:any", CODE, async () => model, labels),
  requests: spoken,
});
const failing = (): FakeModel => new FakeModel(() => Promise.reject(new Error("no connection")));

const byCandidates = (model: typeof leaning) => async () => ({
  judge: await resolveJudge("likelihood"),
  requests: candidates(model),
});

/** Judges that are no models. */
const NAMED: Record<string, JudgeOpener> = {
  rule: { open: async () => ({ judge: await resolveJudge("rule"), requests: spoken }) },
  likelihood: { open: byCandidates(leaning), broken: byCandidates(() => new Failing()) },
};

describe.each(Object.entries(NAMED))("%s", (_name, opener) => {
  judgeContract(opener);
});

describe("a chat model, by its reply", () => {
  judgeContract({
    open: () => modelJudge(saying(), "reply"),
    broken: () => modelJudge(failing(), "reply"),
  });
});

describe("a chat model, by its probabilities", () => {
  judgeContract({
    open: () => modelJudge(new Weighing(), "probability"),
    broken: () => modelJudge(new Failing(), "probability"),
  });
});

describe("a module's", () => {
  judgeContract({
    open: async () => ({
      judge: await resolveJudge(`module:${join(folder, "phrases.mjs")}`, CODE),
      requests: spoken,
    }),
  });
});

it("holds every judge that needs no model to it, each with words for a report", () => {
  expect(Object.keys(NAMED)).toEqual(namedJudges.map(({ name }) => name));
  expect(otherJudges("none of them")).toBe(`; or ${Object.keys(NAMED).join(" or ")}, which need no model`);
  for (const { name, by } of namedJudges) {
    expect(isModelJudge(name)).toBe(false);
    expect(by).toMatch(/^[a-z].*[a-z]$/u);
  }
});
