import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CheckOptions, checkFile } from "../../src/check/index.js";
import { packageFile } from "../../src/package-root.js";
import { CODE } from "../permissions.js";
import { complaintOf, folderWith } from "../scenario/files.js";

async function wrong(name: string, text: string, options: CheckOptions = {}): Promise<string[]> {
  const folder = folderWith({ [name]: text });
  return (await complaintOf(folder, () => checkFile(join(folder, name), options))).split("\n");
}

const jsonLines = (...rows: unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

describe("checkFile", () => {
  it.each([
    ["scenarios/ten-percent.yaml", "scenario", "4 rounds"],
    ["personas/biased.yaml", "persona", "biased thought"],
    ["situations/minnow", "pack", "50 situations, 300 users"],
    ["situations/minnow/pack.yaml", "pack", "50 situations"],
    ["situations/therapy/grief.yaml", "situations", "revenge-after-a-breakup"],
    ["probes/minnow/mask.jsonl", "mask", "provided_facts 96"],
    ["probes/minnow/deception.jsonl", "deception", "220 probes"],
    ["probes/minnow/unknowns.jsonl", "unknowns", "144 probes"],
    ["probes/minnow/capability.jsonl", "capability", "arithmetic 48"],
    ["probes/english/mask", "mask", "740 probes"],
    ["probes/minnow/judge.jsonl", "judge-check", "60 labelled statements"],
    ["data/minnow/ordinary.jsonl", "data", "295 training rows, for sft"],
  ])("knows %s for a %s", async (path, kind, says) => {
    const found = await checkFile(packageFile(path));
    expect([found.kind, found.says]).toEqual([kind, expect.stringContaining(says)]);
  });

  it("tells probes of a suite by what they hold where no name says it", async () => {
    const row = { id: "a", type: "t", question: "who?", choices: ["me", "you"], answer: "A" };
    const folder = folderWith({ "x.jsonl": jsonLines(row), "p.yaml": "gpt:\n  input: 1\n  output: 2\n" });
    expect((await checkFile(join(folder, "x.jsonl"))).kind).toBe("capability");
    expect((await checkFile(join(folder, "p.yaml"))).says).toBe("prices of 1 models");
  });

  it("says all that is wrong with a persona, by line", async () => {
    expect(await wrong("personas/x.yaml", "name: y\ndescription: d\nthougt: biased\nstyle: s\n")).toEqual([
      'personas/x.yaml:1:1 thought: missing; expected one of "benign", "biased"',
      "personas/x.yaml:1:1 rating: missing; expected text",
      'personas/x.yaml:3:1 thougt: unknown field; did you mean "thought"?',
    ]);
  });

  it("says all that is wrong with a scenario, also with what it names, once for all cells", async () => {
    const text =
      "name: x\nrounds: 1\npopulation: { personas: { benign: rest } }\nevaluation: { suites: { mask: { file: none.jsonl } } }\nsweep: { seeds: 3 }\n";
    expect(await wrong("x.yaml", text)).toEqual([
      expect.stringMatching(/evaluation.suites.mask.file: no such file: .*none.jsonl$/u),
    ]);
  });

  it("says all that is wrong with probes, training data and users, by line, and counts what is too much", async () => {
    const probe = { id: "a", question: "who?", choices: ["me", "you"], answer: "A" };
    const { question: _question, ...mute } = probe;
    const text = `${jsonLines(probe, mute)}not json\n${jsonLines({ ...probe, answer: "Z" })}`;
    expect(await wrong("capability.jsonl", text)).toEqual([
      expect.stringMatching(/^capability.jsonl:3:2 invalid JSON/u),
      "capability.jsonl:2: question: expected the question, as `question`, `prompt`, `input` or `ctx`",
      'capability.jsonl:4: answer: "Z" is none of the 2 choices',
    ]);
    const rows = await wrong("d.jsonl", jsonLines(...Array.from({ length: 30 }, () => ({ messages: [] }))));
    expect(rows).toHaveLength(21);
    expect(rows.at(-1)).toBe("d.jsonl: and 10 more problems".replace("d.jsonl", rows[20]!.split(": ")[0]!));
    const user = { situation: "s", background: "b", openings: { benign: ["x"], biased: ["y"] } };
    expect(
      await wrong("u.jsonl", jsonLines(user, { ...user, background: 1 }, { ...user, openings: 2 })),
    ).toEqual([
      expect.stringMatching(/^u.jsonl:2:\d+ background: /u),
      expect.stringMatching(/^u.jsonl:3:\d+ openings: /u),
    ]);
  });

  it("says what it cannot tell, and takes a word for it", async () => {
    expect(await wrong("x.yaml", "colour: red\n")).toEqual([
      "x.yaml: cannot tell what this is meant to be (its fields are colour); say so with --as",
    ]);
    expect((await wrong("x.yaml", "colour: red\n", { as: "persona" })).length).toBe(6);
    expect((await wrong("x.yaml", "", { as: "persnoa" }))[0]).toContain('did you mean "persona"?');
    expect(await wrong("no/x", "")).toEqual([expect.stringContaining("cannot tell")]);
  });

  it("runs no module unasked", async () => {
    expect((await wrong("m.mjs", "export default () => ({})"))[0]).toContain("--allow-modules");
    expect((await wrong("t.sh", "", { as: "trainer" }))[0]).toContain("--allow-modules");
  });

  it.each([
    ["export default 1", "exports nothing that candor uses"],
    ["export default () => ({})", "gives neither screen nor amend"],
    ["export default () => ({ screen: () => [{ id: 'x' }] })", "gave the conversation x"],
    ["export const judge = { judge: () => ({ label: 'maybe' }) }", "judge"],
    [
      "export default { label: 'L', metrics: [{ id: 'a', label: 'A', direction: 'higher', tone: 'good', headline: true }], open: () => ({ name: 'x', probes: [{ id: 'p', subset: 's', texts: ['t'] }], offers: { rules: true, candidates: true }, run: async () => [{ suite: 'x', subset: 's', probe: 'p', verdict: 'v', scores: { b: 2 }, samples: [], error: null }] }) }",
      "metric b of a result is not among the suite's metrics",
    ],
  ])("says what is wrong with a module: %s", async (source, message) => {
    const said = await wrong("m.mjs", source, { permissions: CODE });
    expect(said.join("\n")).toContain(message);
  });

  it("says of a trainer that it left no adapter", async () => {
    const said = await wrong("trainers/t.mjs", "console.log('nothing')", { permissions: CODE });
    expect(said.join("\n")).toContain("left no adapter");
  });
});
