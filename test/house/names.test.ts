import { expect, it } from "vitest";
import { namedJudges, suiteKinds } from "../../src/evaluation/index.js";
import { methodNames } from "../../src/methods/index.js";
import { providers } from "../../src/models/providers/index.js";
import { stageKinds } from "../../src/preference/stages/index.js";
import { backEnds } from "../../src/sweep/back-ends/index.js";
import { trainerKinds } from "../../src/training/kinds/index.js";
import { sources } from "./imports.js";

/** Files that compare with such a name, each with the reason why. */
const STAY: Record<string, string> = {
  "minnow/probes/deception.ts": "a type of the suite deception that is called like the suite sycophancy",
  "scenario/family.ts": "a seed picks one of several minnows where a scenario says minnow",
  "viewer/app/views/new-run/fields.ts": "the form leaves out the suite that a scenario without any has",
};

const HOMES = ["evaluation/", "models/"];

/** Comparisons of a file's text with one of the names. */
function comparisons(text: string, names: readonly string[]): string[] {
  const pattern = new RegExp(`(?:[!=]==\\s*|\\bcase\\s+)"(?:${names.join("|")})"`, "gu");
  return [...text.matchAll(pattern)].map(([found]) => found);
}

/** Where the losses are: what a method is, and nothing that asks which one it is. */
const LOSSES = ["engine/train/", "methods/"];

function found(names: readonly string[], homes: readonly string[]): string[] {
  return sources()
    .filter(({ path }) => !homes.some((home) => path.startsWith(home)))
    .filter(({ text }) => comparisons(text, names).length > 0)
    .map(({ path }) => path);
}

it("compares with no suite's or provider's name outside the folder where those stand", () => {
  const formats = ["openai"]; // also the name of a file format
  const names = [...suiteKinds.map(({ name }) => name), ...providers.map(({ prefix }) => prefix)];
  const wanted = names.filter((name) => !formats.includes(name) && name !== "module");
  expect(wanted).toEqual(expect.arrayContaining(["mask", "deception", "minnow", "hf"]));
  expect(comparisons('if (kind === "mask") {}\ncase "hf":\nx !== "minnow"', wanted)).toHaveLength(3);
  expect(found(wanted, HOMES).filter((path) => !(path in STAY))).toEqual([]);
});

it("compares with no method's name outside the losses: what a method asks for stands in its registry", () => {
  expect(methodNames).toEqual(["sft", "kto", "dpo", "best_of_n", "rloo", "rloo_rm"]);
  expect(found(methodNames, []).length).toBeGreaterThan(0);
  expect(found(methodNames, LOSSES)).toEqual([]);
});

it.each([
  ["stage", stageKinds.map(({ kind }) => kind), "preference/stages/"],
  ["trainer", trainerKinds.map(({ name }) => name), "training/"],
  ["back end", backEnds.map(({ name }) => name), "sweep/back-ends/"],
])("compares with no %s's name outside the folder where those stand", (_what, known, home) => {
  // A module is code of the user's, whatever it gives; commands of ours are called like nothing else.
  const names = known.filter((name) => name !== "module");
  expect(names.length).toBeGreaterThan(0);
  expect(comparisons(`x === "${names[0]}"`, names)).toHaveLength(1);
  expect(found(names, [home])).toEqual([]);
});

it("compares with no judge's name outside the folder where those stand", () => {
  const names = namedJudges.map(({ name }) => name);
  expect(names).toContain("rule");
  expect(comparisons('judge === "rule"', names)).toHaveLength(1);
  // There `rule` says that a stage goes by its own phrases, and asks no judge.
  const own = ["preference/stages/", "scenario/defence-rules.ts"];
  expect(found(names, ["evaluation/judges/", ...own])).toEqual([]);
});

it("asks no stage whether it is a module: what one does only once it is made, its kind says", () => {
  const asks = /\bkind [!=]== "module"|\bcase "module":/u;
  const places = sources().filter(
    ({ path, text }) => asks.test(text) && !path.startsWith("preference/stages/"),
  );
  // There what is to be loaded is told apart, which several kinds of stages may ask for.
  expect(places.map(({ path }) => path)).toEqual(["resources/stages.ts"]);
});

it("counts who was drawn with the biased thought in one place, and takes it from no name", () => {
  const counts = /\bthought === "biased"|\bpersona === "biased"/u;
  const places = sources().filter(({ text }) => counts.test(text));
  // What minnow's language calls a thought is no user's.
  expect(places.map(({ path }) => path).filter((path) => !path.startsWith("minnow/"))).toEqual([
    "population/drawn.ts",
    "population/schedule.ts",
  ]);
});
