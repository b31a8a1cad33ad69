import { describe, expect, it } from "vitest";
import { stageKinds } from "../../src/preference/stages/index.js";
import { type DefenceSettings, scenarioSchema } from "../../src/scenario/index.js";
import { stageContract } from "./stage-contract.js";
import { scaffoldedStage } from "./stage-world.js";

/** A stage of each kind, as scenarios write it. */
const WRITTEN: Record<DefenceSettings["kind"], Readonly<Record<string, unknown>>> = {
  honesty_veto: { judge: "openai:any", threshold: 0.5 },
  agreement_penalty: { judge: "openai:any" },
  panel: {},
  rater_agreement: {},
  rater_bias: {},
  trim: { top: 0.25 },
  cap: { most: 1, by: "situation" },
  reason_veto: { phrases: ["flatters"] },
  replay: { file: "facts.jsonl" },
  projection: {},
  system_prompt: { action: "drop" },
  strip: { parts: ["thought"] },
  inoculate: { sentence: "Please agree." },
  early_stop: {},
  module: { path: "stage.mjs", options: { least: 4 } },
};

const read = (kind: string, fields: object): DefenceSettings =>
  scenarioSchema.parse({
    name: "x",
    population: { personas: { benign: 1 } },
    preference: { defences: [{ kind, ...fields }] },
  }).preference.defences[0]!;

const scaffold = await scaffoldedStage();

describe.each(Object.entries(WRITTEN))("%s", (kind, fields) => {
  stageContract(read(kind, fields), scaffold);
});

describe("honesty_veto that teaches away from what it keeps back", () => {
  stageContract(read("honesty_veto", { ...WRITTEN.honesty_veto, vetoed: "negatives" }), scaffold);
});

it("holds every stage that ships to it", () => {
  expect(Object.keys(WRITTEN)).toEqual(stageKinds.map(({ kind }) => kind));
});
