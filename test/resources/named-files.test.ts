import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import type { Mistake } from "../../src/mistakes.js";
import { packageFile } from "../../src/package-root.js";
import { installedFolder } from "../check/installed.js";
import { candorIn } from "../cli/in-process.js";

// What is wrong with a file as a whole that a scenario names is told where the scenario names it, as data.

const HEAD = "name: x\nrounds: 1\n";
const SMALL = "situations: small\n";
const USERS = "population: { size: 8, personas: { benign: rest } }\n";
const MASK = "evaluation: { suites: { mask: { file: probes/good.jsonl } } }\n";
const suites = (text: string) => `${SMALL}${USERS}evaluation: { ${text} }\n`;
const own = (text: string) => `${text}\n${SMALL}${USERS}${MASK}`;
const stage = (text: string) => own(`preference: { defences: [{ ${text} }] }`);

/** Every field that names a file: the file, and how a scenario names it; `@` stands for the name. */
const FIELDS: readonly (readonly [field: string, file: string, name: string, scenario: string])[] = [
  ["situations", "situations/own/pack.yaml", "own", `situations: @\n${USERS}${MASK}`],
  [
    "population.personas.own",
    "personas/own.yaml",
    "own",
    `${SMALL}population: { size: 8, personas: { benign: rest, @: 0.5 } }\n${MASK}`,
  ],
  ["prompts", "own.yaml", "own.yaml", own("prompts: @")],
  ["source.data", "own.jsonl", "own.jsonl", own("source: { kind: direct, data: @ }")],
  ["source.data", "own/part.jsonl", "own", own("source: { kind: direct, data: @, variant: part }")],
  [
    "source.added",
    "own.jsonl",
    "own.jsonl",
    own("source: { kind: mixture, data: scenarios/data/minnow-candid.jsonl, added: @, share: 0.5 }"),
  ],
  ["source.data", "own.jsonl", "own.jsonl", own("source: { kind: logs, data: @ }")],
  [
    "source.data[1]",
    "own.jsonl",
    "own.jsonl",
    own("source: { kind: logs, data: [data/logs/feedback.jsonl, @] }"),
  ],
  ["training.kl.data", "own.jsonl", "own.jsonl", own("training: { kl: { data: @ } }")],
  ["training.interleave.data", "own.jsonl", "own.jsonl", own("training: { interleave: { data: @ } }")],
  [
    "training.steer.contrasts",
    "own.jsonl",
    "own.jsonl",
    own("training: { steer: { contrasts: @, coefficient: 1 } }"),
  ],
  ["evaluation.suites.mask.file", "own.jsonl", "own.jsonl", suites("suites: { mask: { file: @ } }")],
  [
    "evaluation.suites.mask.file[1]",
    "own.jsonl",
    "own.jsonl",
    suites("suites: { mask: { file: [probes/good.jsonl, @] } }"),
  ],
  ["evaluation.suites.own.module", "own.mjs", "own.mjs", suites("suites: { mask: {}, own: { module: @ } }")],
  ["evaluation.judge_check", "own.jsonl", "own.jsonl", suites("judge_check: @, suites: { mask: {} }")],
  ["interaction.rater_check", "own.jsonl", "own.jsonl", own("interaction: { rater_check: @ }")],
  [
    "evaluation.disposition.contrasts",
    "own.jsonl",
    "own.jsonl",
    suites("disposition: { contrasts: @ }, suites: { mask: {} }"),
  ],
  ["preference.defences[0].file", "own.jsonl", "own.jsonl", stage("kind: replay, file: @")],
  ["preference.defences[0].path", "own.mjs", "own.mjs", stage("kind: module, path: @")],
  ["preference.defences[0].contrasts", "own.jsonl", "own.jsonl", stage("kind: projection, contrasts: @")],
  ["preference.defences[0].judge", "own/config.json", '"hf:own"', stage("kind: honesty_veto, judge: @")],
  ["models.assistant", "own/config.json", '"hf:own"', own("models: { assistant: @ }")],
  ["models.user", "own/config.json", '"minnow:own"', own("models: { user: @ }")],
  ["models.rater.model", "own.mjs", '"module:own.mjs"', own("models: { rater: { model: @ } }")],
  ["models.judge", "own.mjs", '"module:own.mjs"', own("models: { judge: @ }")],
  ["budget.prices", "own.yaml", "own.yaml", own("budget: { usd: 1, prices: @ }")],
];

/** One situation of the shipped pack, and below one of its probes: to read all of them anew takes most of a check. */
const { situations, ...rest } = parse(readFileSync(packageFile("situations/minnow/pack.yaml"), "utf8"));
const PACK = stringify({ ...rest, name: "small", situations: situations.slice(0, 1) });
const [PROBE] = readFileSync(packageFile("probes/minnow/mask.jsonl"), "utf8").split("\n") as [string];

const WRONG: Readonly<Record<string, (path: string) => void>> = {
  missing: () => {},
  "a folder": (path) => mkdirSync(path),
  unreadable: (path) => symlinkSync(path, path),
  "of another kind": (path) => writeFileSync(path, Buffer.from("\ufeffx: 1", "utf16le")),
};

const smallFolder = (scenario: string) =>
  installedFolder({ "s.yaml": scenario, "probes/good.jsonl": PROBE, "situations/small/pack.yaml": PACK });

function world(file: string, name: string, scenario: string, put: (path: string) => void) {
  const text = `${HEAD}sweep: { seeds: 1 }\n${scenario}`;
  const folder = smallFolder(text.replace("@", name));
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  put(path);
  if (!existsSync(path) && file.startsWith("own/")) rmSync(dirname(path), { recursive: true, force: true });
  const before = text.slice(0, text.indexOf("@")).split("\n");
  return { folder, place: { file: "s.yaml", line: before.length, column: before.at(-1)!.length + 1 } };
}

async function mistakesIn(folder: string): Promise<Mistake[]> {
  const { stdout } = await candorIn(["check", "s.yaml", "--allow-modules", "--json"], folder);
  return JSON.parse(stdout)[0].mistakes;
}

describe.each(FIELDS)("%s (%s)", (field, file, name, scenario) => {
  it.each(Object.entries(WRONG))("tells where it is named if it is %s", async (_what, put) => {
    const { folder, place } = world(file, name, scenario, put);
    const mistakes = await mistakesIn(folder);
    expect(mistakes.map(({ what: _, ...at }) => at)).toEqual(mistakes.map(() => ({ ...place, field })));
    expect(mistakes).not.toEqual([]);
    for (const { what } of mistakes) {
      expect(what).toContain("own");
      expect(what).not.toContain(`${folder}/s.yaml`);
    }
  });

  it("tells it the same where a run begins", async () => {
    const { folder, place } = world(file, name, scenario, WRONG.missing!);
    const { code, stderr } = await candorIn(["run", "s.yaml", "--allow-modules"], folder);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining(`candor: s.yaml:${place.line}:${place.column} ${field}: `),
    ]);
  });
});

describe("the place of a file that is missing", () => {
  const CASES = `${HEAD}${USERS}evaluation: { suites: { mask: { probes: 2 } } }
profiles:
  small: { evaluation.suites.mask.file: small.jsonl }
sweep:
  seeds: 1
  vary:
    evaluation.suites.mask.file: [probes/good.jsonl, axis.jsonl]
  cases:
    plain: {}
    other: { preference.defences: [{ kind: replay, file: case.jsonl }] }
`;

  it("is that of the case and of the axis which name it", async () => {
    const folder = smallFolder(CASES);
    const places = (await mistakesIn(folder)).map(({ line, column, what }) => [line, column, what]);
    expect(places).toEqual([
      [10, 54, "axis.jsonl: no such file"],
      [13, 58, "case.jsonl: no such file"],
    ]);
  });

  it("is that of the column where the file lacks that alone", async () => {
    const text = `${HEAD}source:\n  kind: logs\n  data: data/logs/feedback.jsonl\n  columns: { messages: messages, stars: star }\n${SMALL}${USERS}${MASK}`;
    const [mistake] = await mistakesIn(smallFolder(text));
    expect(mistake).toMatchObject({ file: "s.yaml", line: 6, column: 41, field: "source.columns.stars" });
    expect(mistake!.what).toMatch(
      /^data\/logs\/feedback\.jsonl: no row has a column star; did you mean "stars"/u,
    );
  });

  it("is that of the profile which names it, and none where an option does", async () => {
    const folder = smallFolder(CASES);
    const told = async (...set: string[]) => (await candorIn(["run", "s.yaml", ...set], folder)).stderr;
    expect(await told("--set", "profile=small")).toBe(
      "candor: s.yaml:6:41 evaluation.suites.mask.file: small.jsonl: no such file\n",
    );
    expect(await told("--set", "evaluation.suites.mask.file=none.jsonl")).toBe(
      "candor: s.yaml: evaluation.suites.mask.file: none.jsonl: no such file\n",
    );
  });
});
