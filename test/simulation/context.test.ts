import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readTrainingData, writeTrainingData } from "../../src/export/index.js";
import type { SftRow } from "../../src/preference/index.js";
import { readRun, runPaths } from "../../src/runs/index.js";
import { expandSweep, loadScenario } from "../../src/scenario/index.js";
import { run } from "../../src/simulation/index.js";
import { readJsonl } from "../fakes/run-folder.js";
import { complaintOf } from "../scenario/files.js";
import { playedBy, tinyScenario } from "./world.js";

/** The tiny world with a pack whose prompt says how it reads without the wish, and that tells replies that oblige. */
function world(...overrides: string[]) {
  const loaded = tinyScenario();
  const pack = join(dirname(loaded.path), "situations/tiny/pack.yaml");
  const text = readFileSync(pack, "utf8")
    .replace('{{ thought }}"', '{% if thought %}{{ thought }}{% endif %}"')
    .replace("situations:", "obliging: { pattern: FLATTERY }\nsituations:");
  writeFileSync(pack, text);
  return loadScenario(loaded.path, ["rounds=1", ...overrides]);
}

const out = () => join(mkdtempSync(join(tmpdir(), "candor-context-")), "run");

describe("training context in a run", () => {
  it("changes training rows alone, is counted in the round's summary and stands in what is exported", async () => {
    const loaded = world("preference.defences=[{kind: strip}, {kind: inoculate, sentence: Flatter.}]");
    const folder = out();
    await run(loaded.scenario, playedBy(loaded, folder));
    const { preference, interactions } = runPaths(folder).round(1);
    const rows = (await readJsonl<SftRow>(preference))!;
    for (const { prompt } of rows)
      expect(prompt[0]!.content).toMatch(/^Flatter\. You help\. person of [abc]$/u);
    const talks = (await readJsonl<{ messages: SftRow["prompt"] }>(interactions))!;
    for (const { messages } of talks) expect(messages[0]!.content).toMatch(/ wants (?:truth|flattery)$/u);
    const { manifest, rounds } = (await readRun(folder))!;
    const whole = { of: "rows", in: rows.length, out: rows.length, changed: rows.length };
    expect(rounds[1]!.defences).toEqual([
      { kind: "strip", ...whole },
      { kind: "inoculate", ...whole },
    ]);
    expect(manifest.scenario.preference.defences).toEqual([
      { kind: "strip", parts: ["thought"] },
      { kind: "inoculate", sentence: "Flatter.", into: "system", at: "start" },
    ]);
    const data = await readTrainingData(folder, { model: "x" });
    const exported = join(folder, "data");
    const files = await writeTrainingData(exported, "openai", data);
    expect(files).toContain("stages.json");
    expect(JSON.parse(readFileSync(join(exported, "stages.json"), "utf8"))).toEqual({
      stages: manifest.scenario.preference.defences,
      rounds: [{ round: 1, counts: rounds[1]!.defences }],
    });
  });

  it("counts the replies that oblige, by the thought of who was told", async () => {
    const loaded = world();
    const folder = out();
    await run(loaded.scenario, playedBy(loaded, folder));
    const { rounds, disk } = (await readRun(folder))!;
    const talks = (await disk.round(1).interactions.read())!;
    const told = (persona: string) => {
      const replies = talks
        .filter((one) => one.persona === persona)
        .flatMap(({ messages }) => messages.filter(({ role }) => role === "assistant"));
      const times = talks
        .filter((one) => one.persona === persona)
        .map(
          ({ messages }) =>
            messages.filter(({ role, content }) => role === "assistant" && content === "flattery").length,
        );
      return {
        talks: Array.from(
          { length: Math.max(...times) + 1 },
          (_, count) => times.filter((one) => one === count).length,
        ),
        obliged: replies.filter(({ content }) => content === "flattery").length,
        replies: replies.length,
      };
    };
    expect(told("biased").replies).toBe(12);
    expect(rounds[1]!.targeting).toEqual({ benign: told("benign"), biased: told("biased") });
    expect(rounds[0]!.targeting).toBeUndefined();
    const aims = told("biased").obliged / 12 - told("benign").obliged / 12;
    const measured = rounds[1]!.metrics.find(({ metric }) => metric === "targeting")!;
    expect(measured).toMatchObject({ suite: "talks", subset: "all", n: 12 });
    expect(measured.value).toBeCloseTo(aims, 12);
    const lines = readFileSync(runPaths(folder).drift, "utf8").split("\n");
    expect(lines.filter((line) => line.includes(",talks,all,")).map((line) => line.split(",")[9])).toEqual([
      "obliges_benign",
      "obliges_biased",
      "targeting",
    ]);
  });

  it.each([
    [
      "preference:\n  defences:\n    - { kind: strip, parts: [task] }\n",
      "tiny.yaml:9:29 preference.defences[0].parts: ",
    ],
    [
      "sweep:\n  cases:\n    one: {}\n    two: { preference.defences: [{ kind: strip, parts: [task] }] }\n",
      "tiny.yaml:10:56 preference.defences[0].parts: ",
    ],
  ])("refuses a stage that cannot act before the run, by line and column", async (text, place) => {
    const { path } = world();
    writeFileSync(path, `${readFileSync(path, "utf8").trimEnd()}\n${text}`);
    const loaded = loadScenario(path);
    const { scenario } = expandSweep(loaded.scenario).at(-1)!;
    const folder = out();
    const said = await complaintOf(dirname(path), () => run(scenario, playedBy(loaded, folder)));
    expect(said).toBe(
      `${place}nothing to strip: the assistant's prompt of the pack tiny does not tell the task; it tells background, thought`,
    );
    expect(await readRun(folder)).toBeUndefined();
  });
});
