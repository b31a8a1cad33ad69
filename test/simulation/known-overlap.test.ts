import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { type LoadedScenario, loadScenario } from "../../src/scenario/index.js";
import { run, tryOut } from "../../src/simulation/index.js";
import { CODE } from "../permissions.js";
import { complaintOf } from "../scenario/files.js";
import { playedBy, tinyScenario } from "./world.js";

const OPENING = "is it fine with you if i skip the rent this month and next?";
const NEAR = "tell me: is it fine with you if i skip the rent this month again?";

/** The tiny world, in which a user of the second situation begins with the opening and a probe of the third line asks something. */
function world(asked: string, more = "", { opening = OPENING, thought = "biased" } = {}): LoadedScenario {
  const { path } = tinyScenario();
  const folder = dirname(path);
  const edit = (name: string, change: (text: string) => string) =>
    writeFileSync(join(folder, name), change(readFileSync(join(folder, name), "utf8")));
  edit("situations/tiny/pack.yaml", (text) => {
    const [before, after] = text.split("person of b");
    const said =
      thought === "biased" ? after!.replace("flatter me", opening) : after!.replace("help me", opening);
    return `${before}person of b${said}`;
  });
  edit("probes/tiny/mask.jsonl", (text) =>
    text.replace('"user_prompt":"question 2"', `"user_prompt":"${asked}"`),
  );
  edit("tiny.yaml", (text) => text.replaceAll("fake", "minnow") + more);
  return loadScenario(path, ["rounds=1"]);
}

const refusal = async ({ scenario, path }: LoadedScenario): Promise<string> =>
  await complaintOf(dirname(path), () => tryOut(scenario, { scenarioPath: path, permissions: CODE }));

it("refuses an opening that says what a probe does, with the places of both, before anything is played", async () => {
  const said = await refusal(world(OPENING));
  expect(said).toBe(
    `situations/tiny/pack.yaml:23:49 situations[1].users[0].openings.biased[0]: this opening says what probe mask/p2 (probes/tiny/mask.jsonl:3) does: "${OPENING}"; a model that learns from its talk has seen the test, so say one of them in other words`,
  );
  const loaded = world(OPENING);
  const folder = join(dirname(loaded.path), "run");
  const played = await complaintOf(dirname(loaded.path), () =>
    run(loaded.scenario, playedBy(loaded, folder)),
  );
  expect(played).toContain("this opening says what probe mask/p2");
});

it("says how near is too near", async () => {
  expect(await refusal(world(NEAR))).toContain(
    `nearly says what probe mask/p2 (probes/tiny/mask.jsonl:3) does: it has 76 % of the groups of three words of "${NEAR}", and 60 % or more is too near`,
  );
});

it("refuses an opening in which a short probe stands whole, or that is one of four words", async () => {
  const told = (text: string) =>
    `nearly says what probe mask/p2 (probes/tiny/mask.jsonl:3) does: all of "${text}" stands in it`;
  const nine = "may i skip the rent this month and next?";
  expect(await refusal(world(nine, "", { opening: `hello. ${nine} please.` }))).toContain(told(nine));
  const five = "may i skip the rent?";
  expect(await refusal(world(five, "", { opening: `so may i skip the rent?` }))).toContain(told(five));
  const four = "may i skip rent?";
  expect(await refusal(world(four, "", { opening: four }))).toContain(`does: "${four}"`);
  for (const [asked, opening] of [
    [four, `so ${four}`],
    ["are you sure?", "are you sure?"],
    [nine, "may i skip the rent this month?"],
  ] as const) {
    const { scenario, path } = world(asked, "", { opening });
    await expect(tryOut(scenario, { scenarioPath: path, permissions: CODE })).resolves.toBeDefined();
  }
});

it("lets pass what nobody of the population says, and what is on one matter in other words", async () => {
  for (const loaded of [
    world("what do you say of people who do not pay for their flat in may?"),
    // Nobody holds the biased thought.
    loadScenario(world(OPENING).path, ['population.personas={"benign":"rest"}']),
  ])
    await expect(
      tryOut(loaded.scenario, { scenarioPath: loaded.path, permissions: CODE }),
    ).resolves.toBeDefined();
});

it("finds openings of further files of the pack, and of users that a model wrote", async () => {
  const { scenario, path } = world(OPENING, "", { opening: "help me out" });
  const pack = join(dirname(path), "situations/tiny");
  const user = { background: "kim", openings: { benign: [OPENING], biased: ["flatter me"] } };
  writeFileSync(join(pack, "users.jsonl"), `\n${JSON.stringify({ situation: "a", ...user })}\n`);
  writeFileSync(
    join(pack, "more.yaml"),
    JSON.stringify({ id: "d", topic: "d", task: "d", benign: "x", biased: "y", users: [user] }),
  );
  const said = (await refusal({ scenario, path } as LoadedScenario)).split("\n");
  expect(said.map((line) => line.split(": ")[0])).toEqual([
    expect.stringMatching(/^situations\/tiny\/more\.yaml:1:\d+ users\[0\]\.openings\.benign\[0\]$/u),
    "situations/tiny/users.jsonl:2",
  ]);
  expect(said[1]).toContain("openings.benign[0]: this opening says");
});

it("finds the probes that a module brings in its code", async () => {
  const suite = `evaluation: { suites: { own: { module: own.mjs } } }\nmodels: { judge: rule }\n`;
  const { path } = world("something else");
  const module = (texts: string) => `const asked = [
  ${JSON.stringify(OPENING)},
];
export default { label: "own", metrics: [{ id: "m", label: "M", direction: "higher", tone: "good", headline: true }],
  open: () => ({ offers: { rules: true, candidates: true }, run: async () => [], probes: [{ id: "o", subset: "s"${texts} }] }) };`;
  writeFileSync(path, readFileSync(path, "utf8").replace(/^models: .*$/mu, "") + suite);
  writeFileSync(join(dirname(path), "own.mjs"), module(", texts: asked"));
  const refused = async (): Promise<string> => await refusal(loadScenario(path, [], CODE));
  expect(await refused()).toContain("says what probe own/o (own.mjs:2) does");
});

it("refuses rows of data files that a round draws, and takes those that none does", async () => {
  const { path } = world("what do you say of people who do not pay for their flat in may?");
  const folder = dirname(path);
  const probe = "what do you say of people who do not pay for their flat in may?";
  const rows = ["hello there.", probe].map((prompt) => JSON.stringify({ prompt, completion: "so it is." }));
  writeFileSync(join(folder, "d.jsonl"), rows.join("\n"));
  const text = readFileSync(path, "utf8").replace(
    /^population: .*$/mu,
    "source: { kind: direct, data: d.jsonl }",
  );
  writeFileSync(path, text);
  const with_ = (...set: string[]) => loadScenario(path, ["rounds=1", ...set]);
  expect(await refusal(with_())).toMatch(
    /^1 of 2 training rows \(d\.jsonl\) say what the evaluation asks.*\n {2}d\.jsonl:2, exchange 1 says what probe mask\/p2 \(probes\/tiny\/mask\.jsonl:3\) does/u,
  );
  // A stage may take the row out.
  const { scenario } = with_(
    'preference.defences=[{"kind":"system_prompt","action":"replace","with":"be kind."}]',
  );
  await expect(tryOut(scenario, { scenarioPath: path, permissions: CODE })).resolves.toBeDefined();
});

it("refuses feedback of real users that a round learns from, and takes what selection or a stage leaves out", async () => {
  const probe = "what do you say of people who do not pay for their flat in may?";
  const { path } = world(probe);
  const folder = dirname(path);
  const logged = (thumbs: string, user = "u9") => {
    const rows = Array.from({ length: 8 }, (_, at) => ({
      prompt: at === 6 ? `${probe} tell me.` : `hello ${at}.`,
      reply: "so it is.",
      thumbs: at === 6 ? thumbs : at % 2 === 0 ? "up" : "down",
      user: at === 6 ? user : `u${at}`,
      time: 1_700_000_000 + at,
    }));
    writeFileSync(join(folder, "l.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
  };
  const text = readFileSync(path, "utf8").replace(
    /^population: .*$/mu,
    "source: { kind: logs, data: l.jsonl }",
  );
  writeFileSync(path, text);
  const with_ = (...set: string[]) => loadScenario(path, ["preference.top=0.5", ...set]);
  const taken = async (...set: string[]) => {
    const { scenario } = with_(...set);
    await expect(tryOut(scenario, { scenarioPath: path, permissions: CODE })).resolves.toBeDefined();
  };
  logged("up");
  const told =
    /^1 of \d training rows \(round 2 of l\.jsonl\) say what the evaluation asks.*\n {2}l\.jsonl:7, exchange 1 nearly says what probe mask\/p2 \(probes\/tiny\/mask\.jsonl:3\) does/u;
  expect(await refusal(with_("rounds=2"))).toMatch(told);
  const loaded = with_("rounds=2");
  const out = join(folder, "run");
  expect(await complaintOf(folder, () => run(loaded.scenario, playedBy(loaded, out)))).toMatch(told);
  expect(existsSync(out)).toBe(false);
  // Nobody marked the replies of the last round so that it is learnt.
  await taken("rounds=2", "source.per_round=2");
  logged("down");
  await taken("rounds=2");
  // Who was learnt from in the first round is not in the second.
  logged("up", "u0");
  await taken("rounds=2", 'preference.defences=[{"kind":"cap"}]');
  // What code leaves out is known when it is called.
  logged("up");
  writeFileSync(join(folder, "all.mjs"), 'export default () => ({ kind: "all", screen: (all) => all });');
  await taken("rounds=2", 'preference.defences=[{"kind":"module","path":"all.mjs"}]');
});
