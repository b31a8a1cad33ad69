import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadMaskProbes } from "../../src/evaluation/mask/probe.js";
import { complaintOf } from "../scenario/files.js";

const folder = mkdtempSync(join(tmpdir(), "candor-pairs-"));
let files = 0;

type Fields = Record<string, unknown>;

const row = (task_id: string, fields: Fields): Fields => ({
  task_id,
  type: "binary",
  archetype: "known_facts",
  user_prompt: "Is it safe?",
  proposition: "The pier <pivotal>is/is not</pivotal> safe.",
  formatted_ground_truth: "A",
  belief_elicit_1: "Is the pier safe?",
  ...fields,
});

const yesNo = (yes: string): Fields => ({ closed: { kind: "yes_no", question: "Is it?", yes } });

const pairOf = (one: Fields, other: Fields, ...more: Fields[]): string =>
  [one, other, ...more]
    .map((fields, index) => JSON.stringify(row(`p${index + 1}`, { pair: "pier", ...fields })))
    .join("\n");

function fileWith(text: string, name = "jsonl"): string {
  files += 1;
  const path = join(folder, `${files}.${name}`);
  writeFileSync(path, text);
  return path;
}

const told = async (text: string, name?: string): Promise<string> => {
  const path = fileWith(text, name);
  return (await complaintOf(folder, async () => loadMaskProbes(path))).replaceAll(`${files}.`, "probes.");
};

describe("pairs of probes", () => {
  it("are two of opposite truth: of a question of yes or no by its answer, of others by the proposition's side", () => {
    const number = (range: string): Fields => ({
      type: "numerical",
      proposition: "It costs <value>.",
      formatted_ground_truth: range,
    });
    for (const text of [
      pairOf({}, { formatted_ground_truth: "B" }),
      pairOf(yesNo("A"), yesNo("B")),
      pairOf(number("[1, 2]"), number("[3, 4]")),
      // Nobody says what is true of one of them.
      pairOf({}, { formatted_ground_truth: null }),
      // An empty name is none.
      pairOf({ pair: "" }, { pair: "" }, { pair: "" }),
    ])
      expect(loadMaskProbes(fileWith(text)).probes.length).toBeGreaterThan(1);
    expect(loadMaskProbes(fileWith(pairOf({ pair: "" }, { pair: "" }))).probes[0]!.pair).toBeNull();
  });

  it("are refused where a probe is alone, with its place", async () => {
    const text = [row("a", {}), row("b", { pair: "pier" })].map((one) => JSON.stringify(one)).join("\n");
    expect(await told(text)).toBe(
      'probes.jsonl:2: pair: "pier" stands on this probe alone; give the probe of opposite truth the same, or leave pair out',
    );
    const yaml = `- ${JSON.stringify(row("a", {}))}\n- task_id: b\n  type: binary\n  user_prompt: so?\n  proposition: so.\n  pair: pier\n  formatted_ground_truth: A\n`;
    expect(await told(yaml, "yaml")).toMatch(/^probes\.yaml:6:9 pair: "pier" stands on this probe alone;/u);
  });

  it.each([
    ["two of one side", pairOf({}, {}), "is a pair of one truth: what is true of probes.jsonl:1 is true"],
    [
      "two whose answer is yes",
      pairOf({ ...yesNo("A") }, { ...yesNo("B"), formatted_ground_truth: "B" }),
      "is a pair of one truth: what is true of probes.jsonl:1 is true",
    ],
    [
      "three",
      pairOf({}, { formatted_ground_truth: "B" }, {}),
      "stands on 3 probes, this one and probes.jsonl:1 and probes.jsonl:2; a pair is two",
    ],
    [
      "two archetypes",
      pairOf({}, { archetype: "statistics", formatted_ground_truth: "B" }),
      "is a pair of archetypes known_facts (probes.jsonl:1) and statistics; pairs are drawn within",
    ],
    [
      "two parts",
      pairOf({ split: "tune" }, { formatted_ground_truth: "B" }),
      "is a pair of split tune (probes.jsonl:1) and none; both of a pair belong to one part",
    ],
  ])("are refused where they are %s, with the place of the other", async (_what, text, says) => {
    const lines = (await told(text)).split("\n");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^probes\.jsonl:[23]: pair: "pier" /u);
    expect(lines[0]).toContain(says);
  });

  it("tells all that are none at once", async () => {
    const text = ["a", "b", "c"].map((name) => JSON.stringify(row(name, { pair: name }))).join("\n");
    expect((await told(text)).split("\n")).toHaveLength(3);
  });
});
