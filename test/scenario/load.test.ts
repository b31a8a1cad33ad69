import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { loadScenario, packNames, personaNames } from "../../src/scenario/index.js";
import { complaint, folderWith } from "./files.js";

const people = "population:\n  personas:\n    benign: rest\n    biased: 0.1\n";

const packs = packNames(packageFile("scenarios/x.yaml")).concat("minnow");
const known = [...new Set(packs)].sort().join(", ");

const personas = personaNames(packageFile("scenarios/x.yaml")).join(", ");

function problemsOf(text: string, overrides: string[] = []): string[] {
  const folder = folderWith({ "x.yaml": text });
  return complaint(folder, () => loadScenario(join(folder, "x.yaml"), overrides)).split("\n");
}

describe("loadScenario", () => {
  it("fills in defaults and keeps the source text", () => {
    const text = `# a comment\nname: small\n${people}`;
    const folder = folderWith({ "x.yaml": text });
    const { scenario, path, source } = loadScenario(join(folder, "x.yaml"));
    expect(scenario).toMatchObject({
      name: "small",
      seed: 1,
      rounds: 4,
      models: { assistant: "minnow", judge: "rule" },
      training: { method: "sft", lora_r: 32 },
      evaluation: { suites: { mask: {} } },
      sweep: { seeds: 3, vary: {} },
    });
    expect(path).toBe(join(folder, "x.yaml"));
    expect(source).toBe(text);
  });

  it.each(["default", "ten-percent", "kto-vs-sft"])("reads the shipped %s", (name) => {
    const folder = folderWith({ "x.yaml": readFileSync(packageFile(`scenarios/${name}.yaml`), "utf8") });
    expect(loadScenario(join(folder, "x.yaml")).scenario.name).toBe(name);
  });

  it("names file, line, column, field and the nearest persona", () => {
    expect(problemsOf("name: x\npopulation:\n  personas:\n    benign: rest\n    biasd: 0.1\n")).toEqual([
      `x.yaml:5:5 population.personas.biasd: unknown persona "biasd"; did you mean "biased"? (known: ${personas})`,
    ]);
  });

  it("finds personas and packs beside the scenario", () => {
    const folder = folderWith({
      "x.yaml": "name: x\nsituations: own\npopulation: {personas: {sceptic: 1}}\n",
      "personas/sceptic.yaml": "name: sceptic\n",
      "situations/own/pack.yaml": "name: own\n",
    });
    expect(loadScenario(join(folder, "x.yaml")).scenario.situations).toBe("own");
  });

  it("reports all problems of a file together, in the file's order", () => {
    expect(
      problemsOf(`name: x y
rouns: 3
seed: 1.5
models:
  assistant: 3
  user: { modl: a }
situations: minow
population:
  size: 10
  personas: { benign: 0.5, biased: 0.4 }
preference: { top: 20, bottom: 2.5 }
training:
  method: kt
  warmup_ratio: 2
  target_modules: [q_proj, 1]
`),
    ).toEqual([
      'x.yaml:1:7 name: expected letters, digits, dots, dashes and underscores, found "x y"',
      'x.yaml:2:1 rouns: unknown field; did you mean "rounds"?',
      "x.yaml:3:7 seed: expected a whole number, found 1.5",
      "x.yaml:5:14 models.assistant: expected text or fields (name: value), found 3",
      "x.yaml:6:3 models.user.model: missing; expected text",
      'x.yaml:6:11 models.user.modl: unknown field; did you mean "model"?',
      `x.yaml:7:13 situations: unknown situation pack "minow"; did you mean "minnow"? (known: ${known})`,
      "x.yaml:10:3 population.personas: the fractions sum to 0.9, not 1; write rest for one of them to let it fill up",
      "x.yaml:11:20 preference.top: 20 interactions are more than the population of 10; lower it or raise population.size",
      "x.yaml:11:32 preference.bottom: above 1 this is a count of interactions: expected a whole number, found 2.5",
      'x.yaml:13:11 training.method: expected one of "sft", "kto", "dpo", "best_of_n", "rloo", "rloo_rm", found "kt"; did you mean "kto"?',
      "x.yaml:14:17 training.warmup_ratio: expected at most 1, found 2",
      "x.yaml:15:28 training.target_modules[1]: expected text, found 1",
    ]);
  });

  it.each([
    ["{ a: 1 }", 'unknown persona "a"'],
    ["{}", "name at least one persona"],
    ["{ benign: rest, biased: rest }", "only one persona may be rest, found 2: benign, biased"],
    ["{ benign: 0.6, biased: 0.6 }", "the fractions sum to 1.2, not 1"],
    ["{ benign: rest, biased: 1.1 }", "expected at most 1, found 1.1"],
    ["{ benign: rest, biased: -0.1 }", "expected at least 0, found -0.1"],
    [
      '{ benign: rest, biased: "10%" }',
      'expected a number or "rest" or a list or fields (name: value), found "10%"',
    ],
  ])("refuses the fractions %s", (personas, message) => {
    expect(problemsOf(`name: x\npopulation:\n  personas: ${personas}\n`).join("\n")).toContain(message);
  });

  it("compares fractions with a tolerance", () => {
    const folder = folderWith({
      "x.yaml": "name: x\npopulation: {personas: {benign: 0.7, biased: 0.3}}\n",
      "y.yaml": "name: y\npopulation: {personas: {benign: 0.7, biased: 0.2, third: 0.1}}\n",
      "personas/third.yaml": "name: third\n",
    });
    expect(() => loadScenario(join(folder, "x.yaml"))).not.toThrow();
    expect(0.7 + 0.2 + 0.1).not.toBe(1);
    expect(() => loadScenario(join(folder, "y.yaml"))).not.toThrow();
  });

  it("lets kto use no interaction twice, and sft ignore the bottom", () => {
    const text = (method: string) =>
      `name: x\n${people}preference: { top: 0.6, bottom: 0.5 }\ntraining: { method: ${method} }\n`;
    expect(problemsOf(text("kto"))).toEqual([
      "x.yaml:6:1 preference: top and bottom together want 264 of 240 interactions, and kto may use none twice; lower one of them",
    ]);
    const folder = folderWith({ "x.yaml": text("sft") });
    expect(() => loadScenario(join(folder, "x.yaml"))).not.toThrow();
  });

  it("says where YAML is broken, missing or not fields at all", () => {
    expect(problemsOf("name: [x\nrounds: 2\n")[0]).toMatch(/^x\.yaml:\d+:\d+ invalid YAML: /);
    expect(problemsOf("name: a\nname: b\n")).toEqual(["x.yaml:2:1 invalid YAML: Map keys must be unique"]);
    expect(problemsOf("- 1\n")).toEqual(["x.yaml:1:1 expected fields (name: value), found [1]"]);
    expect(problemsOf("")[0]).toContain("expected fields");
    const folder = folderWith({ "smal.yaml": "" });
    expect(complaint(folder, () => loadScenario(join(folder, "small.yaml")))).toBe(
      "small.yaml: no such file; did you mean smal.yaml?",
    );
    expect(complaint(folder, () => loadScenario(folder))).toContain("is a folder");
    // Of a folder full of files only the near ones are told; those that ship count as well.
    for (const name of ["a1", "b2", "c3", "d4"]) writeFileSync(join(folder, `${name}.yaml`), "");
    const missing = (name: string): string => complaint(folder, () => loadScenario(join(folder, name)));
    expect(missing("nothere.yaml")).toBe(
      "nothere.yaml: no such file; `candor init` writes one to start from",
    );
    expect(missing("a1")).toBe("a1: no such file; did you mean a1.yaml?");
    expect(missing("dose")).toBe("dose: no such file; did you mean scenarios/dose.yaml?");
  });
});

describe("overrides", () => {
  it("set axes, fields of cases and personas of any name", () => {
    const folder = folderWith({
      "x.yaml": `name: x\n${people}sweep: { cases: { kto: { training.method: kto } } }\n`,
      "personas/my zoé 😀.yaml": "name: my zoé 😀\ndescription: d\nthought: biased\nstyle: s\nrating: r\n",
    });
    const set = [
      "sweep.vary.population.size=[8, 10]",
      "sweep.cases.kto.training.beta=0.3",
      "population.personas.my zoé 😀=0.2",
    ];
    expect(loadScenario(join(folder, "x.yaml"), set).scenario).toMatchObject({
      population: { personas: { "my zoé 😀": 0.2 } },
      sweep: {
        vary: { "population.size": [8, 10] },
        cases: { kto: { "training.method": "kto", "training.beta": 0.3 } },
      },
    });
  });

  it("set fields, make missing parents and parse values as YAML", () => {
    const folder = folderWith({ "x.yaml": `name: x\n${people}` });
    const set = [
      "rounds=2",
      "population.personas.biased=0.3",
      "training.target_modules=[q_proj]",
      "models.user=hf:m",
    ];
    expect(loadScenario(join(folder, "x.yaml"), set).scenario).toMatchObject({
      rounds: 2,
      population: { personas: { benign: "rest", biased: 0.3 } },
      training: { target_modules: ["q_proj"] },
      models: { user: "hf:m" },
    });
  });

  it.each([
    ["rounds=0", "--set rounds=0: rounds: expected more than 0, found 0"],
    ["rouns=2", '--set rouns=2: rouns: unknown field; did you mean "rounds"?'],
    ["rounds", "--set rounds: expected field.path=value, e.g. --set population.personas.biased=0.2"],
    [
      "__proto__.x=1",
      "--set __proto__.x=1: expected field.path=value, e.g. --set population.personas.biased=0.2",
    ],
    ["name.x=1", "--set name.x=1: name has no fields of its own"],
    [
      "population.personas.biased=2",
      "--set population.personas.biased=2: population.personas.biased: expected at most 1, found 2",
    ],
    [
      "population.personas.benign=0.2",
      "--set population.personas.benign=0.2: population.personas: the fractions sum to 0.3, not 1; write rest for one of them to let it fill up",
    ],
  ])("%s is an error that names the option", (override, message) => {
    expect(problemsOf(`name: x\n${people}`, [override])).toEqual([message]);
  });
});

describe("the grid", () => {
  const grid = (vary: string, personas = "{ benign: rest, biased: 0 }") =>
    problemsOf(
      `name: x\npopulation: { personas: ${personas} }\ntraining: { method: kto }\nsweep:\n  vary:\n${vary}`,
    );

  it("is checked cell by cell, each problem placed at the value that causes it", () => {
    expect(
      grid(
        "    population.personas.biased: [0, 1.2]\n    training.metod: [sft]\n    preference.top: [0.4, 0.6]\n",
      ),
    ).toEqual([
      "x.yaml:6:37 sweep.vary.population.personas.biased[1]: expected at most 1, found 1.2",
      'x.yaml:7:5 sweep.vary.training.metod: unknown field; did you mean "method"?',
      "x.yaml:8:27 sweep.vary.preference.top[1]: preference: top and bottom together want 264 of 240 interactions, and kto may use none twice; lower one of them",
    ]);
  });

  it("does not repeat what is wrong with the scenario anyway", () => {
    expect(grid("    training.method: [sft, kto]\n", "{ benign: rest, biasd: 0.1 }")).toEqual([
      expect.stringContaining('x.yaml:2:41 population.personas.biasd: unknown persona "biasd"'),
    ]);
  });

  it("finds combinations that do not go together", () => {
    expect(grid("    preference.top: [0.5, 0.3]\n    preference.bottom: [0.5, 0.7]\n")).toEqual([
      expect.stringContaining(
        "x.yaml:7:30 sweep.vary.preference.bottom[1]: preference: top and bottom together",
      ),
    ]);
  });

  it.each([
    ["    seed: [1, 2]\n", "write sweep.seeds: n"],
    ["    sweep.seeds: [1]\n", "cannot be varied"],
    ["    rounds: [2, 2]\n", "2 stands here twice"],
    ["    rounds: []\n", "expected at least 1 item, found []"],
    ["    rounds.x: [1]\n    name: [a]\n", "cannot be varied"],
    ["    population.personas.biased: [0.1]\n", "the fractions sum to 1.1", "{ benign: 1, biased: 0 }"],
  ])("refuses %s", (vary, message, personas?: string) => {
    expect(grid(vary, personas).join("\n")).toContain(message);
  });
});

describe("schedules", () => {
  const schedule = (biased: string, rounds = 4) =>
    problemsOf(
      `name: x\nrounds: ${rounds}\npopulation:\n  personas:\n    benign: rest\n    fan: 0.5\n    biased: ${biased}\n`,
    ).filter((problem) => !problem.includes("unknown persona"));

  it.each([
    [
      "{ kind: rmp, to: 1 }",
      'biased.kind: expected one of "ramp", "step", "pulse", found "rmp"; did you mean "ramp"?',
    ],
    ["{ to: 1 }", 'biased.kind: missing; expected one of "ramp", "step", "pulse"'],
    ["{ kind: step, to: 0.2 }", "biased.start: missing; expected a number"],
    ["{ kind: ramp, to: 2, start: 1, end: 2 }", "biased.to: expected at most 1, found 2"],
    ["{ kind: ramp, to: 0.2, start: 3, end: 3 }", "biased.end: expected an end after the start"],
    [
      "{ kind: pulse, to: 0.2, start: 3, end: 2 }",
      "biased.end: expected an end that is not before the start",
    ],
    ["[]", "expected at least 1 item"],
    ["[0.1, 1.5]", "biased[1]: expected at most 1, found 1.5"],
    [
      "{ kind: step, to: 0.6, start: 3 }",
      "in round 3 the fractions sum to 1.1, which leaves nothing for benign",
    ],
  ])("refuses %s", (text, message) => {
    expect(schedule(text).join("\n")).toContain(message);
  });

  it("need to fit only in rounds that are played", () => {
    const text = (rounds: number) =>
      `name: x\nrounds: ${rounds}\npopulation: { personas: { benign: rest, fan: 0.5, biased: [0, 0, 0.6] } }\n`;
    const folder = folderWith({
      "two.yaml": text(2),
      "three.yaml": text(3),
      "personas/fan.yaml": "name: fan\n",
    });
    expect(() => loadScenario(join(folder, "two.yaml"))).not.toThrow();
    expect(complaint(folder, () => loadScenario(join(folder, "three.yaml")))).toContain("in round 3 the");
  });
});

describe("defences", () => {
  it.each([
    ["[{ kind: vetoo }]", 'defences[0].kind: expected one of "honesty_veto", "agreement_penalty"'],
    ["[{ kind: honesty_veto }]", "defences[0].phrases: the judge rule needs phrases"],
    ["[{ kind: honesty_veto, judge: 3 }]", "defences[0].judge: expected"],
    ["[{ kind: trim, top: 0.5, bottom: 0.5 }]", "defences[0].top: top and bottom leave nothing"],
    ["[{ kind: cap, most: 0 }]", "defences[0].most: expected more than 0"],
    ["[{ kind: replay, file: x, share: 1 }]", "defences[0].share: expected less than 1"],
    ["[{ kind: panel, rater: 2 }]", 'defences[0].rater: unknown field; did you mean "raters"?'],
  ])("refuses %s", (text, message) => {
    expect(problemsOf(`name: x\n${people}preference:\n  defences: ${text}\n`).join("\n")).toContain(message);
  });

  it.each([
    [
      "training: {method: sft, reference: previous}",
      "training.reference: sft compares with no reference policy",
    ],
    [
      "training: {method: kto, reference: previous, trainer: trl}",
      "training.reference: trl compares with the initial policy alone",
    ],
    [
      "training: {method: kto, reference: previous, start_from: initial}",
      "training.reference: every round starts from the initial policy",
    ],
    [
      "training: {trainer: trl, kl: {data: x.jsonl}}",
      "training.kl: trl cannot hold the model to the untrained one on other rows",
    ],
    [
      "training: {trainer: trl, steer: {coefficient: 1}}",
      "training.steer: trl cannot move the residual stream while it trains",
    ],
    [
      "training: {trainer: trl, interleave: {data: x.jsonl}}",
      "training.interleave: trl cannot imitate other rows",
    ],
    [
      "training: {trainer: trl, save_steps: 2}",
      "training.save_steps: trl cannot let the model be evaluated within a round; use trainer: embedded",
    ],
    ["evaluation: {within: {probes: 4}}", "evaluation.within: nothing is evaluated within a round without"],
    ["training: {steer: {coefficient: 0}}", "training.steer.coefficient: steers nothing"],
    [
      "models: {assistant: openai:x, user: minnow}\nevaluation: {disposition: {}}",
      "evaluation.disposition: openai:x tells no hidden states: use minnow or hf:<folder>",
    ],
    [
      "models: {assistant: openai:x, user: minnow}\npreference: {defences: [{kind: projection}]}",
      "preference.defences[0]: openai:x tells no hidden states: use minnow or hf:<folder> as models.assistant, or leave projection out",
    ],
    [
      "evaluation: {disposition: {suite: deception}}",
      'evaluation.disposition.suite: "deception" is not among evaluation.suites',
    ],
    [
      "preference: {defences: [{kind: honesty_veto, phrases: [x], vetoed: negatives}]}",
      "preference.defences[0]: sft cannot learn away from a reply",
    ],
    [
      "preference: {defences: [{kind: honesty_veto, phrases: [x], asks: five_points}]}",
      "preference.defences[0].asks: belongs to a model as judge",
    ],
    [
      "preference: {defences: [{kind: honesty_veto, judge: minnow, principles: [x]}]}",
      "preference.defences[0].principles: belongs to asks: constitution",
    ],
    [
      "preference: {defences: [{kind: panel}, {kind: rater_bias}, {kind: agreement_penalty}]}",
      "preference.defences[2]: rater_bias ranks by a number of good replies",
    ],
  ])("refuses what would do nothing: %s", (text, message) => {
    const [problem, ...more] = problemsOf(`name: a\n${people}${text}\n`);
    expect(problem).toContain(message);
    expect(problem).toMatch(/^x\.yaml:[67]:\d+ /u);
    expect(more).toEqual([]);
  });

  it.each([
    [
      "method: best_of_n, trainer: trl",
      "training.method: trl does not know best_of_n; use trainer: embedded",
    ],
    ["method: rloo, trainer: llamafactory", "training.method: llamafactory does not know rloo"],
    ["method: rloo, num_generations: 1", "training.num_generations: rloo compares the replies to one turn"],
    [
      "method: rloo, num_generations: 3",
      "training.batch_size: rloo takes all 3 replies to a turn in one step",
    ],
    ["method: rloo, max_length: 48", "training.max_length: rloo draws replies of up to 48 tokens"],
    ["method: rloo, reward_model: {}", "training.reward_model: rloo does not go by it; leave it out"],
    ["method: sft, num_generations: 4", "training.num_generations: sft does not go by it; leave it out"],
    ["method: best_of_n, num_generations: 1", "training.num_generations: of one reply none is the best"],
    [
      "method: best_of_n, reference: previous",
      "training.reference: best_of_n compares with no reference policy",
    ],
  ])("refuses of methods that draw replies: %s", (fields, message) => {
    const text = `name: x\n${people}training: { ${fields} }\npreference: { samples_per_turn: 2 }\n`;
    expect(problemsOf(text).join("\n")).toContain(message);
  });

  it.each([
    [
      "{ up: [gut], down: [schlecht, ' GUT '] }",
      "a word stands in two of up, down and none; leave it in one",
    ],
    ["{ up: [gut], down: [schlecht], none: [schlecht] }", "a word stands in two of up, down and none"],
    ["{ up: [gut] }", "source.thumbs.down"],
  ])("refuses words of thumbs that say two things, or one side alone: %s", (thumbs, message) => {
    const text = `name: x\nsource: { kind: logs, data: x.csv, thumbs: ${thumbs} }\n`;
    expect(problemsOf(text).join("\n")).toContain(message);
  });

  it("refuses methods that draw replies where nobody rates them, or one reply has no other to compare with", () => {
    expect(problemsOf(`name: x\n${people}training: { method: best_of_n }\n`).join("\n")).toMatch(
      /training\.method: best_of_n compares several replies to one turn; set preference\.samples_per_turn/u,
    );
    const logs = "name: x\nsource: { kind: logs, data: x.csv }\ntraining: { method: rloo }\n";
    expect(problemsOf(logs).join("\n")).toMatch(
      /training\.method: rloo has users rate replies while it learns/u,
    );
    const replay = `name: x\n${people}training: { method: rloo }\npreference: { defences: [{ kind: replay, file: x.jsonl }] }\n`;
    expect(problemsOf(replay).join("\n")).toMatch(/defences\[0\]: rloo learns from replies that users rate/u);
  });

  it.each([
    ["interaction: { feedback: choices }", "interaction.feedback: sft learns from marks"],
    [
      "interaction: { feedback: choices }\ntraining: { method: dpo }\npreference: { samples_per_turn: 3 }",
      "interaction.feedback: users choose between two replies; set preference.samples_per_turn to 2",
    ],
    [
      "interaction: { feedback: choices }\ntraining: { method: dpo }\npreference: { samples_per_turn: 2, defences: [{ kind: trim }] }",
      "preference.defences[0]: trim goes by marks, and users who choose give none",
    ],
  ])("refuses choices that are none: %s", (text, message) => {
    expect(problemsOf(`name: x\n${people}${text}\n`).join("\n")).toContain(message);
  });

  it("refuses to compare after a round that is never played", () => {
    const swept = "sweep: { vary: { population.personas.biased: [0, 0.5] } }\n";
    const of = (more: string) =>
      `name: x\nrounds: 3\n${people}${swept}drift: { primary: { value: 0.5, round: 4 } }\n${more}`;
    expect(problemsOf(of("")).join("\n")).toContain(
      "drift.primary.round: round 4 is never played: rounds is 3",
    );
  });

  it("refuses a level of selection where nothing is selected, or nobody knows it", () => {
    const all = `name: x\n${people}training: { method: dpo }\npreference: { samples_per_turn: 2, level: persona }\n`;
    expect(problemsOf(all).join("\n")).toMatch(/preference\.level: dpo selects no conversations/u);
    const logs = "name: x\nsource: { kind: logs, data: x.csv }\npreference: { level: persona }\n";
    expect(problemsOf(logs).join("\n")).toMatch(
      /preference\.level: with source: logs nobody knows of a persona/u,
    );
  });

  it("refuses KTO on single rows, and what a trainer has no loss for", () => {
    const training = (fields: string) => `name: x\n${people}training: { method: kto, ${fields} }\n`;
    expect(problemsOf(training("batch_size: 1")).join("\n")).toMatch(
      /training\.batch_size: kto compares the rows of a step/,
    );
    for (const fine of ["batch_size: 1, loss_type: apo_zero_unpaired", "batch_size: 2"])
      expect(() => problemsOf(training(fine))).toThrow("nothing was thrown");
    expect(problemsOf(training("trainer: llamafactory, loss_type: apo_zero_unpaired")).join("\n")).toMatch(
      /training\.loss_type: LLaMA-Factory has no apo_zero_unpaired/,
    );
  });

  it("refuses what does nothing for dpo", () => {
    const text = `name: x\n${people}training: { method: dpo }\npreference: { samples_per_turn: 2, defences: [{ kind: trim }, { kind: panel }, { kind: rater_bias }] }\n`;
    expect(problemsOf(text).join("\n")).toMatch(/defences\[1\]: panel does nothing for dpo/);
  });
});

describe("cases", () => {
  const cases = (text: string, vary = "") => problemsOf(`name: x\n${people}sweep:\n${vary}  cases:\n${text}`);

  it.each([
    [
      "    a: { training.metod: sft }\n",
      'sweep.cases.a.training.metod: unknown field; did you mean "method"?',
    ],
    ["    a: { training.beta: -1 }\n", "sweep.cases.a.training.beta: expected more than 0, found -1"],
    [
      "    a: { training: { beta: -1 } }\n",
      "sweep.cases.a.training: training.beta: expected more than 0, found -1",
    ],
    ["    a: { seed: 3 }\n", "seed cannot differ between cases"],
    ["    a: { '': 3 }\n", "expected a dotted field path"],
    ["    a: { name.x: 3 }\n", "name.x cannot differ between cases"],
    ["    a: {}\n    b: { rounds: 4 }\n", "sweep.cases.b: is the same as the case a"],
    ["    a/b: {}\n", "expected words without slashes"],
    ['    "a\\u0001": {}\n', "expected letters that can be seen"],
    ['    "a\\u202e": {}\n', "expected letters that can be seen"],
    ['    "a\\u200bb": {}\n', "expected letters that can be seen"],
    ['    "cafe\\u0301": {}\n', "expected letters that are composed"],
    ["    __proto__: {}\n", "no field can be named __proto__"],
    [
      "    a: { population.personas.biased: 1 }\n",
      "sweep.vary sets population.personas.biased too",
      "  vary: { population.personas.biased: [0, 0.1] }\n",
    ],
    ["    a: {}\n    b: { preference.top: 0.7, training.method: kto }\n", "wants"],
  ])("refuses %s", (text, message, vary?: string) => {
    if (message === "wants") expect(cases(text).join("\n")).toContain("top and bottom together want");
    else expect(cases(text, vary).join("\n")).toContain(message);
  });

  it("say which of them a value of the grid does not fit", () => {
    expect(
      cases(
        "    sft: {}\n    kto: { training.method: kto }\n",
        "  vary: { preference.top: [0.5, 0.7], training.beta: [0.1, -1] }\n",
      ),
    ).toEqual([
      expect.stringMatching(
        /sweep\.vary\.preference\.top\[1\]: preference: top and bottom .* \(in the case kto\)$/,
      ),
      expect.stringMatching(/sweep\.vary\.training\.beta\[1\]: expected more than 0, found -1$/),
    ]);
  });
});
