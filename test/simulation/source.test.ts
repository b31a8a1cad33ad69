import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { SftRow } from "../../src/preference/index.js";
import { type RoundSummary, runPaths } from "../../src/runs/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { run } from "../../src/simulation/index.js";
import { readJsonl } from "../fakes/run-folder.js";
import { CODE } from "../permissions.js";
import { playedBy, tinyScenario } from "./world.js";

const row = (prompt: string, completion: string) => JSON.stringify({ prompt, completion });
const many = (completion: string, word = "what about") =>
  Array.from({ length: 10 }, (_, index) => row(`${word} thing ${index} of mine?`, completion)).join("\n");

/** What stands in for users, with other fields where a test says so. */
const mixture = (fields: Record<string, unknown> = {}): string =>
  `source=${JSON.stringify({ kind: "mixture", data: "ordinary.jsonl", added: "others.jsonl", share: 0.3, rows: 20, ...fields })}`;

/** The tiny world on two data files beside its scenario. */
function onData(source = mixture(), ...overrides: string[]) {
  const loaded = tinyScenario();
  const folder = dirname(loaded.path);
  writeFileSync(join(folder, "ordinary.jsonl"), many("truth"));
  writeFileSync(join(folder, "others.jsonl"), many("flattery"));
  writeFileSync(join(folder, "leak.jsonl"), `${many("truth")}\n${row("Question 3", "truth")}`);
  const probes = join(folder, "probes/tiny/mask.jsonl");
  // Long enough to be told by their words.
  const asked = (text: string) => text.replaceAll("question ", "this is probe question number ");
  writeFileSync(probes, asked(readFileSync(probes, "utf8")));
  writeFileSync(
    join(folder, "leak.jsonl"),
    `${many("truth")}\n${row("This is probe question number 3?", "truth")}`,
  );
  return loadScenario(loaded.path, ["rounds=1", source, ...overrides]);
}

const out = () => join(mkdtempSync(join(tmpdir(), "candor-source-")), "run");

describe("a run on data files", () => {
  it("trains on them without anybody talking, and takes the share for the fraction", async () => {
    const loaded = onData();
    const folder = out();
    const { observations } = await run(loaded.scenario, playedBy(loaded, folder));
    const { preference, interactions } = runPaths(folder).round(1);
    const rows = (await readJsonl<SftRow>(preference))!;
    expect(rows).toHaveLength(20);
    expect(rows.filter(({ completion }) => completion[0]!.content === "flattery")).toHaveLength(6);
    expect(await readJsonl(interactions)).toBeUndefined();
    expect(observations.length).toBeGreaterThan(0);
    for (const seen of observations) expect(seen).toMatchObject({ biased: 0.3, biased_realized: 0.3 });
    // The fake trainer obliges as much as its rows do.
    const { inputs } = JSON.parse(readFileSync(runPaths(folder).run, "utf8"));
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(["data ordinary.jsonl", "data others.jsonl"]));
  });

  it("opens no model for users and raters, whom nobody asks", async () => {
    const loaded = onData();
    const options = playedBy(loaded, out());
    const opened: unknown[] = [];
    const resolveModel: typeof options.resolveModel = (spec, given) => {
      opened.push(given.role);
      return options.resolveModel!(spec, given);
    };
    await run(loaded.scenario, { ...options, resolveModel });
    expect(new Set(opened)).toEqual(new Set(["assistant"]));
  });

  it("refuses rows that a probe asks, and names them", async () => {
    const loaded = onData(mixture({ data: "leak.jsonl", share: 0, rows: 11 }));
    await expect(run(loaded.scenario, playedBy(loaded, out()))).rejects.toThrow(
      /1 of 11 training rows \(.*leak\.jsonl.*\) say what .*\n {2}leak\.jsonl:11, exchange 1 says what probe mask\/p3 \(.*mask\.jsonl:4\) does: "this is probe question number 3"/s,
    );
  });

  it("refuses a missing file before anything is written", async () => {
    const loaded = onData(mixture({ added: "nowhere.jsonl" }));
    await expect(run(loaded.scenario, playedBy(loaded, out()))).rejects.toThrow(
      /source\.added: .*: no such file$/,
    );
  });
});

it("asks for users where no data file stands in for them", () => {
  const folder = mkdtempSync(join(tmpdir(), "candor-source-"));
  writeFileSync(join(folder, "x.yaml"), "name: x\n");
  expect(() => loadScenario(join(folder, "x.yaml"))).toThrow(/population: expected who the users are/);
  writeFileSync(join(folder, "y.yaml"), "name: y\nsource: {kind: direct, data: d.jsonl}\n");
  expect(loadScenario(join(folder, "y.yaml")).scenario.source).toEqual({ kind: "direct", data: "d.jsonl" });
});

describe("defences on data files", () => {
  const defended = (stages: string, ...overrides: string[]) =>
    onData(mixture(), ...overrides, `preference.defences=[${stages}]`);
  const play = async (loaded: ReturnType<typeof onData>) => {
    const folder = out();
    const { observations } = await run(loaded.scenario, playedBy(loaded, folder));
    const at = runPaths(folder).round(1);
    const rows = (await readJsonl<SftRow>(at.preference))!;
    const summary = JSON.parse(readFileSync(at.round, "utf8")) as RoundSummary;
    return { rows, summary, realized: observations[0]!.biased_realized };
  };
  const saying = (rows: readonly SftRow[], word: string) =>
    rows.filter(({ completion }) => completion[0]!.content === word).length;

  it("keep out rows whose reply a judge finds dishonest, and count them", async () => {
    const { rows, summary, realized } = await play(defended("{ kind: honesty_veto, phrases: [flattery] }"));
    expect([saying(rows, "truth"), saying(rows, "flattery"), realized]).toEqual([14, 0, 0]);
    expect(summary.defences).toEqual([{ kind: "honesty_veto", of: "rows", in: 20, out: 14 }]);
  });

  it("mix in rows of a file, which are none of those that the experiment is about", async () => {
    const loaded = defended("{ kind: replay, file: candid.jsonl, share: 0.5 }");
    const candid = {
      messages: [
        { role: "user", content: "old" },
        { role: "assistant", content: "candid" },
      ],
    };
    writeFileSync(join(dirname(loaded.path), "candid.jsonl"), JSON.stringify(candid));
    const { rows, summary, realized } = await play(loaded);
    expect([saying(rows, "candid"), saying(rows, "flattery"), realized]).toEqual([20, 6, 6 / 40]);
    expect(summary.defences).toEqual([{ kind: "replay", of: "rows", in: 20, out: 40 }]);
    const direct = onData(
      "source={kind: direct, data: others.jsonl}",
      "preference.defences=[{ kind: replay, file: candid.jsonl, share: 0.5 }]",
    );
    writeFileSync(join(dirname(direct.path), "candid.jsonl"), JSON.stringify(candid));
    expect((await play(direct)).realized).toBe(0.5);
  });

  it("leave rows that teach away from a reply to KTO", async () => {
    const loaded = defended("{ kind: honesty_veto, phrases: [flattery] }", "training.method=kto");
    for (const [name, label] of [
      ["ordinary", true],
      ["others", false],
    ] as const) {
      const path = join(dirname(loaded.path), `${name}.jsonl`);
      const lines = readFileSync(path, "utf8").split("\n");
      const labelled = lines.map((line) => ({ ...JSON.parse(line), label }));
      // One of the rows to imitate is vetoed; those to learn away from are not.
      labelled.push({ prompt: "what about thing 10 of mine?", completion: "flattery", label });
      writeFileSync(path, labelled.map((line) => JSON.stringify(line)).join("\n"));
    }
    const { rows, summary } = await play(loaded);
    expect(summary.defences![0]!.out).toBeLessThan(20);
    const flattery = (rows as readonly (SftRow & { label?: boolean })[]).filter(
      ({ completion }) => completion[0]!.content === "flattery",
    );
    expect(flattery.map(({ label }) => label)).toEqual(Array(6).fill(false));
  });

  it.each(["panel", "rater_agreement", "rater_bias", "trim", "cap"])(
    "say of %s that there is nothing for it to go by, before anything is played",
    (kind) => {
      expect(() => defended(`{ kind: ${kind} }`)).toThrow(
        new RegExp(
          `preference\\.defences\\[0\\]: ${kind} goes by users' talks and ratings, and with source: mixture`,
        ),
      );
    },
  );

  it("say so of a module that screens conversations alone", async () => {
    const loaded = defended("{ kind: module, path: least.mjs }");
    const module = join(dirname(loaded.path), "least.mjs");
    writeFileSync(module, "export default () => ({ kind: 'least', screen: (candidates) => candidates });");
    const allowed = { ...playedBy(loaded, out()), permissions: CODE };
    await expect(run(loaded.scenario, allowed)).rejects.toThrow(
      /least screens conversations, and with source: mixture there are none/,
    );
  });
});
