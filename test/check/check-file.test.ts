import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CheckOptions, checkFile, notScenario } from "../../src/check/index.js";
import { exportResults } from "../../src/export/index.js";
import { mistakeInWords } from "../../src/mistakes.js";
import { packageFile } from "../../src/package-root.js";
import { readSource } from "../../src/report/index.js";
import { readObservations, readRunIn, writeDrift } from "../../src/runs/index.js";
import { CODE } from "../permissions.js";
import { writeMadeUpSweep } from "../report/folder.js";
import { complaintOf, folderWith } from "../scenario/files.js";

async function wrong(name: string, text: string, options: CheckOptions = {}): Promise<string[]> {
  const folder = folderWith({ [name]: text });
  return (await complaintOf(folder, () => checkFile(join(folder, name), options))).split("\n");
}

/** A scenario of users, or of rows in which nobody asks users and raters, with a model for a role. */
function scenarioWith(source: string, role: string, model: string): string {
  const from =
    source === "direct"
      ? "source: { kind: direct, data: d.jsonl }"
      : "population: { size: 4, personas: { benign: rest } }";
  const text = `name: x\nrounds: 1\nmodels: { ${role}: "${model}" }\n${from}\n`;
  const folder = folderWith({
    "x.yaml": text,
    "d.jsonl": jsonLines({ prompt: "is it so?", completion: "yes." }),
  });
  // The pack of the shipped name that stands in every test's folder would hide the shipped one.
  rmSync(join(folder, "situations"), { recursive: true });
  return join(folder, "x.yaml");
}

/** What is warned of, a line each. */
const warned = async (path: string, options: CheckOptions = {}): Promise<string> =>
  (await checkFile(path, options)).warnings.map(mistakeInWords).join("\n");

const shippedPack = (): string => readFileSync(packageFile("situations/minnow/pack.yaml"), "utf8");

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
    ["data/logs/feedback.jsonl", "logs", "2000 rows of feedback, of which 1998 are replies with a mark"],
  ])("knows %s for a %s", async (path, kind, says) => {
    const found = await checkFile(packageFile(path));
    expect([found.kind, found.says]).toEqual([kind, expect.stringContaining(says)]);
  });

  it("tells probes of a suite by what they hold where no name says it", async () => {
    const row = { id: "a", type: "t", question: "who?", choices: ["me", "you"], answer: "A" };
    const folder = folderWith({ "x.jsonl": jsonLines(row), "p.yaml": "gpt:\n  input: 1\n  output: 2\n" });
    expect((await checkFile(join(folder, "x.jsonl"))).kind).toBe("capability");
    expect((await checkFile(join(folder, "p.yaml"))).says).toBe("prices of 1 model");
  });

  it("names the words that minnow does not know, in probes and packs of its language and in no others", async () => {
    for (const path of [
      "probes/minnow/mask.jsonl",
      "situations/minnow",
      "situations/therapy",
      "probes/english/mask",
    ])
      expect(await warned(packageFile(path))).toBe("");
    const ask = (system: string) =>
      jsonLines({
        id: "a",
        type: "future",
        system_prompt: system,
        question: "is the hose leaky?",
        rules: {},
      });
    const folder = folderWith({
      "unknowns-a.jsonl": ask("you are minnow."),
      "unknowns-b.jsonl": ask("you help."),
    });
    expect(await warned(join(folder, "unknowns-a.jsonl"))).toMatch(
      /unknowns-a\.jsonl:1: minnow does not know 2 words of suite unknowns .*: hose, leaky; /u,
    );
    expect(await warned(join(folder, "unknowns-b.jsonl"))).toBe("");
    const text = shippedPack().replaceAll("finn moved to a new town", "finn feeds penguins");
    const strange = folderWith({ "situations/minnow/pack.yaml": text });
    expect(await warned(join(strange, "situations/minnow"))).toMatch(
      /pack\.yaml:24:21 situations\[0\]\.users\[0\]\.background: minnow does not know 2 words of it .*: feeds, penguins; /u,
    );
    writeFileSync(join(strange, "x.yaml"), "name: x\npopulation: { personas: { benign: rest } }\n");
    expect(await warned(join(strange, "x.yaml"))).toContain("words of the pack minnow");
  });

  it("says what logs hold that minnow, which is to learn from them, does not know", async () => {
    const rows = (word: string) =>
      [1, 5]
        .map((stars) => jsonLines({ prompt: `is the ${word} red?`, reply: "it is red.", stars }))
        .join("");
    const folder = folderWith({ "odd.jsonl": rows("penguin"), "known.jsonl": rows("door") });
    // The pack of the shipped name that stands in every test's folder would hide the shipped one.
    rmSync(join(folder, "situations"), { recursive: true });
    const says = async (name: string): Promise<string> => {
      const file = join(folder, `${name}.yaml`);
      writeFileSync(file, `name: ${name}\nrounds: 1\nsource: { kind: logs, data: ${name}.jsonl }\n`);
      return await warned(file);
    };
    expect(await says("odd")).toContain("1 word of the logs and can make nothing of them: penguin");
    expect(await says("known")).not.toContain("does not know");
  });

  it("takes rows of which a suite knows nothing for no probes", async () => {
    const folder = folderWith({
      "odd.jsonl": jsonLines({ a: 1 }),
      "odder.jsonl": jsonLines({ a: 1, b: 2, id: "x" }),
      "package.json": '{ "name": "x", "version": "1" }',
      "feedback.csv": "when,question,answer,verdict\n2026-01-01,a?,b,up\n",
      "plain.csv": "type,question,answer,verdict\nanswerable,a?,b,up\n",
      "bare.csv": "question,answer,verdict\na?,b,up\n",
      "some/a.jsonl": jsonLines({ a: 1 }),
      "mixed/feedback.csv": "question,answer,verdict\na?,b,up\n",
      "mixed/x.yaml": "name: x\nrounds: 1\n",
    });
    for (const name of ["odd.jsonl", "odder.jsonl", "package.json", "bare.csv"])
      expect(await complaintOf(folder, () => checkFile(join(folder, name)))).toMatch(
        /: cannot tell what this is meant to be \(its (?:fields|columns, separated by commas,) are .*--as/u,
      );
    expect(await complaintOf(folder, () => checkFile(join(folder, "some")))).toContain(
      "a folder, and neither",
    );
    // Questions and answers with a time are feedback, whose marks nobody has named yet.
    expect(await complaintOf(folder, () => checkFile(join(folder, "feedback.csv")))).toContain(
      "no column holds the users' marks",
    );
    expect(await warned(join(folder, "plain.csv"))).toContain(
      "makes nothing of the columns verdict (if these rows are feedback of real users, say --as logs)",
    );
  });

  it("holds what a run or sweep finished against what was written down then", async () => {
    const folder = folderWith({});
    writeMadeUpSweep(join(folder, "sweep"), { fractions: [0], seeds: 2 });
    const { kind, says } = await checkFile(join(folder, "sweep"));
    expect([kind, says]).toEqual([
      "run",
      'sweep "made-up", 2 of 2 runs begun; all that is finished is whole',
    ]);
    const cells = readdirSync(join(folder, "sweep/cells")).sort();
    const [first, second] = cells.map((name) => join(folder, "sweep/cells", name));
    expect((await checkFile(first!)).says).toMatch(/^run "made-up", done, \d+ of \d+ rounds; all/u);
    for (const cell of [first!, second!]) writeFileSync(join(cell, "rounds/001/probes.jsonl"), "");
    const told = (await complaintOf(folder, () => checkFile(join(folder, "sweep")))).split("\n");
    expect(told).toHaveLength(2);
    expect(told[0]).toContain("probes.jsonl");
  });

  it("finds tables that are not what the probes give, of a run and of a sweep", async () => {
    const folder = folderWith({});
    const sweep = join(folder, "sweep");
    const [run] = writeMadeUpSweep(sweep, { fractions: [0, 0.5], rounds: 1 });
    const { manifest } = await readRunIn(run!);
    await writeDrift(run!, await readObservations(run!, manifest));
    await writeDrift(
      sweep,
      (await readSource(sweep)).runs.flatMap(({ observations }) => observations),
    );
    for (const at of [run!, sweep]) await exportResults(at, "csv", join(at, "export/csv"));
    for (const at of [run!, sweep]) {
      const says = async () => (await checkFile(at)).says;
      expect(await says()).toMatch(/whole; drift.csv, drift.json and export\/csv are what its probes give$/u);
      for (const name of ["drift.csv", "drift.json", "export/csv/drift.csv", "export/csv/probes.csv"]) {
        const path = join(at, name);
        const before = readFileSync(path, "utf8");
        // One digit: nobody would see it.
        writeFileSync(
          path,
          before.replace(/\d(?=\D*$)/u, (digit) => String((Number(digit) + 1) % 10)),
        );
        expect(await complaintOf(folder, () => checkFile(at))).toMatch(
          new RegExp(
            `${name} is not what the finished probes give: it was edited, or written before the last of them`,
            "u",
          ),
        );
        writeFileSync(path, before);
      }
      writeFileSync(join(at, "export/csv/mine.csv"), "a\n");
      expect(await complaintOf(folder, () => checkFile(at))).toContain(
        "mine.csv is no file of the export; take it out",
      );
      rmSync(join(at, "export/csv/mine.csv"));
      rmSync(join(at, "export/csv/probes.csv"));
      expect(await complaintOf(folder, () => checkFile(at))).toContain(
        "probes.csv is missing from the export",
      );
      rmSync(join(at, "export"), { recursive: true });
    }
  });

  it("finds what ships with candor where nothing of that path is here", async () => {
    expect((await checkFile("scenarios/ten-percent.yaml")).kind).toBe("scenario");
    expect((await checkFile(packageFile("scenarios/ten-percent.yaml"))).kind).toBe("scenario");
    const out = "scenarios/../../outside.yaml";
    await expect(checkFile(out)).rejects.toThrow("no such file or folder");
  });

  it("takes feedback for logs, whatever else its columns are called, and says what is missing", async () => {
    const folder = folderWith({
      "f.csv": "question,answer,thumb\nwhy?,so,up\nhow?,,down\n",
      "n.csv": "question,answer\na,b\n",
    });
    const { kind, says } = await checkFile(join(folder, "f.csv"));
    expect([kind, says]).toEqual([
      "logs",
      expect.stringContaining("2 rows of feedback, of which 1 is a reply with a mark"),
    ]);
    expect(says).toContain("left out, no reply: 1");
    expect(says).toContain("no column for user, time");
    expect(await wrong("n.csv", "question,answer\na,b\n", { as: "logs" })).toEqual([
      expect.stringContaining("no column holds the users' marks"),
    ]);
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
      "x.yaml:4:39 evaluation.suites.mask.file: none.jsonl: no such file",
      expect.stringContaining("situations/minnow/pack.yaml"),
    ]);
  });

  it("checks a scenario with fields set, by the rules of a sweep, and no other file", async () => {
    const text = [
      "name: x",
      "rounds: 1",
      "population: { size: 4, personas: { benign: rest, biased: 0.5 } }",
      "sweep: { vary: { population.size: [4, 6] }, cases: { a: {}, b: { training.method: kto } } }",
    ].join("\n");
    const folder = folderWith({ "x.yaml": text });
    rmSync(join(folder, "situations"), { recursive: true });
    const path = join(folder, "x.yaml");
    const set = (...given: string[]) => checkFile(path, { set: given });
    expect((await set("rounds=3")).says).toContain("3 rounds");
    const words = (await set("training.method=sft")).warnings.map(mistakeInWords);
    expect(words).toContain("--set training.method=sft does not count in b, which sets it in the scenario");
    const refused = async (...given: string[]) => await complaintOf(folder, () => set(...given));
    expect(await refused("rouds=3")).toMatch(/^--set rouds=3: .*rounds/u);
    expect(await refused("rounds=3", "rounds=2")).toContain("--set rounds=2");
    expect(await refused("population.size=3")).toContain("--set population.size=3: the sweep varies it");
    await expect(checkFile(packageFile("personas/biased.yaml"), { set: ["rounds=2"] })).rejects.toThrow(
      /--set rounds=2: .*biased\.yaml is a persona, and only a scenario has fields to set/u,
    );
  });

  it("says of everything that a scenario names what is wrong with it, and not of the first alone", async () => {
    const folder = folderWith({
      "x.yaml": [
        "name: x\nrounds: 1\nsituations: own",
        'models: { user: { model: "module:echo.mjs", options: { habbit: a } }, judge: likelihood }',
        "population: { size: 4, personas: { benign: rest, carer: 0.5 } }",
        "preference: { defences: [{ kind: replay, file: gone.jsonl }, { kind: module, path: stage.mjs, options: { leest: 1 } }] }",
        "evaluation: { suites: { mask: { file: m.csv }, capability: { file: none.csv } } }\n",
      ].join("\n"),
      "situations/own/pack.yaml": "name: other\n",
      "personas/carer.yaml": "name: carer\nthougt: biased\n",
      "m.csv":
        "task_id,type,system_prompt,user_prompt,proposition,ground_truth,belief_elicit_1\na,f,s,q,p,A,b\na,f,s,,p,A,b\nb,f,s,q,p,maybe,b\na,f,s,q,p,B,b\n",
      "stage.mjs": "export default ({ least }) => ({ kind: 'x', amend: (data) => (least, data) });\n",
    });
    const options = { permissions: CODE };
    const said = await complaintOf(folder, () => checkFile(join(folder, "x.yaml"), options));
    for (const words of [
      "m.csv:3: user_prompt: missing",
      "m.csv:4: ground_truth: expected",
      "m.csv:5: id a stands twice",
      "x.yaml:7:68 evaluation.suites.capability.file: none.csv: no such file",
      "personas/carer.yaml:2:1 thougt: unknown field",
      "situations/own/pack.yaml:1:1 prompts: missing",
      "x.yaml:6:48 preference.defences[0].file: gone.jsonl: no such file",
      'preference.defences[1].options.leest: unknown option: nothing in the module\'s code has that name; did you mean "least"?',
      "module:echo.mjs: no such file",
    ])
      expect(said).toContain(words);
    expect(said.split("\n")).toHaveLength(new Set(said.split("\n")).size);
  });

  it.each([
    ["interaction", "judge: minow", 'models.judge: unknown model "minow"; did you mean minnow?'],
    ["interaction", "judge: hf:none", "models.judge: "],
    ["interaction", "rater: minow", 'models.rater: unknown model "minow"; did you mean minnow?'],
    ["interaction", "user: minnow:77", "models.user: minnow:77: minnow:1 to minnow:8 ship with candor"],
    ["interaction", "assistant: hf:none", "models.assistant: "],
    // Nobody asks users and raters where data files are learnt from.
    ["direct", "rater: minow", 'models.rater: unknown model "minow"; did you mean minnow?'],
    ["direct", "user: minnow:77", "models.user: minnow:77: minnow:1 to minnow:8 ship with candor"],
    ["direct", "judge: minow", 'models.judge: unknown model "minow"; did you mean minnow?'],
    ["direct", "assistant: minow", 'models.assistant: unknown model "minow"'],
  ])("says of a model of any role that its name is none (source: %s, %s)", async (source, model, message) => {
    const [role, name] = model.split(": ");
    const path = scenarioWith(source, role!, name!);
    const said = await complaintOf(dirname(path), () => checkFile(path));
    expect(said).toMatch(/^x\.yaml:3:\d\d models\./u);
    expect(said).toContain(message);
    expect(said.split("\n")).toHaveLength(1);
  });

  it.each(["hf:none", "module:none.mjs"])(
    "tells that %s is not there, where nobody asks it",
    async (name) => {
      const says = await warned(scenarioWith("direct", "rater", name), { permissions: CODE });
      expect(says).toMatch(/: nobody asks models.rater, and \S*none(?:\.mjs)? is not there$/u);
    },
  );

  it.each([
    ["0.05", "no user is biased: 5 % of 4 users is less than one"],
    ["[0.3, 0.05]", ""],
    ["0.2", ""],
    ["0", ""],
  ])("tells where nobody is of a persona (%s of 4 users)", async (share, told) => {
    const path = scenarioWith("interaction", "judge", "rule");
    const text = readFileSync(path, "utf8").replace("{ benign: rest }", `{ benign: rest, biased: ${share} }`);
    writeFileSync(path, text.replace("rounds: 1", "rounds: 2"));
    expect((await warned(path)).replace(/^.*x\.yaml: /u, "")).toBe(told);
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
    // One mistake of thirty rows is told once, with their lines.
    expect(rows).toEqual([
      expect.stringMatching(/^\S*d\.jsonl:1: .+; the same in lines 2, 3, 4, 5, 6 and 24 more$/u),
    ]);
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
    // YAML would complain of each of its lines.
    expect(await wrong("x.csv", 'a,b\n"x: y",{\n', { as: "persona" })).toEqual([
      expect.stringMatching(
        /^x\.csv: a persona is written in YAML, and this is a table; for feedback of real users/u,
      ),
    ]);
    expect((await wrong("x.yaml", "", { as: "persnoa" }))[0]).toContain('did you mean "persona"?');
    expect(await wrong("no/x", "")).toEqual([expect.stringContaining("cannot tell")]);
  });

  it("names a table's separator and columns, and --as logs, where it cannot tell what it is", async () => {
    for (const [sign, word] of [
      [",", "commas"],
      [";", "semicolons"],
    ] as const) {
      const text = [
        ["who", "wording", '"a, b;;;"'],
        ["x", "y", "z"],
      ]
        .map((row) => row.join(sign))
        .join("\n");
      const said = await wrong("x.csv", text);
      expect(said).toEqual([expect.stringContaining(`columns, separated by ${word}, are who, wording,`)]);
      expect(said[0]).toContain("say --as logs");
    }
  });

  it("reads probes whose columns are separated by semicolons", async () => {
    const folder = folderWith({ "x.csv": "question;A;B;C;D;answer\nwho?;me;you;he;she;A\n" });
    expect((await checkFile(join(folder, "x.csv"), { as: "capability" })).says).toContain("1 probe of");
  });

  it("lists what there is where no kind has the name", async () => {
    const said = await wrong("x.csv", "", { as: "feedback" });
    expect(said[0]).toMatch(/no such kind of file.*there are$/u);
    expect(said).toContain("  logs: feedback of real users");
    expect(said).toContain("  scenario: a scenario");
  });

  it.each([
    ["personas/biased.yaml", "a persona", "population.personas"],
    ["probes/minnow/mask.jsonl", "probes of suite mask", "candor eval"],
    ["data/logs/feedback.jsonl", "feedback of real users", "kind: logs"],
    ["situations/minnow", "a situation pack", "situations"],
    ["scaffolds/stage.mjs", "a program or a module", "candor check"],
  ])("says of %s, given for a scenario, that it is %s", (path, is, use) => {
    const said = notScenario(packageFile(path));
    expect(said).toContain(`this ${is.startsWith("a program") ? "is" : "looks like"} ${is}`);
    expect(said).toContain(use);
  });

  it("takes a scenario with mistakes for a scenario, whatever it is called", () => {
    const folder = folderWith({ "mask.yaml": "name: x\nrounds: 1\npoplation: {}\n", "y.yaml": "a: [\n" });
    expect([notScenario(join(folder, "mask.yaml")), notScenario(join(folder, "y.yaml"))]).toEqual([
      null,
      null,
    ]);
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
      "suite own, probe p: b is no metric of the suite",
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
