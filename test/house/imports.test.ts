import { expect, it } from "vitest";
import { folderOf, type Import, imports, sources } from "./imports.js";

const WORDS = ["population", "interaction", "preference", "training", "evaluation", "drift"];

/** Faces beside a folder's own, each with the reason why it is one. */
const FACES: Record<string, string> = {
  "models/providers/index.ts":
    "what kinds of models there are, without the chat libraries that opening one loads",
  "preference/stages/index.ts": "the stages' pieces of the scenario's schema, without what they do",
  "sweep/back-ends/index.ts":
    "where runs can be played, for the command line's options, without what plays them",
  "export/formats.ts":
    "what results and rows can be written as, for the command line's options, without what writes them",
  "preference/export/index.ts":
    "rows as programs outside read them, without conversations, stages and the scenario that these are read from",
  "training/kinds/index.ts": "what trainers there are, for the scenario's rules, without what trains",
  "evaluation/settings.ts": "the suites' piece of the scenario's schema, without the suites themselves",
};

/** What still reaches back, with the reason. */
const BACK: Record<string, string> = {
  "scenario/defence-schema.ts -> preference/stages/index.ts":
    "the file's schema is put together from pieces, and a stage's fields are declared by the stage; what it does is loaded when it is made",
  "scenario/defence-rules.ts -> preference/stages/index.ts":
    "where a stage may stand is declared by the stage",
  "scenario/method-rules.ts -> training/kinds/index.ts":
    "what a trainer cannot do is declared by the trainer",
  "scenario/idle-settings.ts -> training/kinds/index.ts":
    "whether a trainer starts a program is declared by the trainer",
  "scenario/training-schema.ts -> training/kinds/index.ts":
    "the field's description names the trainers, which declare what they are",
  "scenario/suite-schema.ts -> evaluation/settings.ts":
    "the file's schema is put together from pieces, and a suite's fields are declared by the suite; plain schema, nothing that runs",
};

const all = imports();
const said = ({ from, to }: Import): string => `${from} -> ${to}`;

it("reads imports of every kind", () => {
  const text = [
    'import { a } from "./a.js";\nimport type { B } from "./b.js";\nexport {\n  c,\n} from "./c.js";',
    'import "./d.js";\nconst e = await import("./e.js");\n// import { f } from "./f.js";\nimport { z } from "zod";',
  ].join("\n");
  const found = imports([{ path: "x/y.ts", text }]).map(({ to, types }) => `${to}${types ? " type" : ""}`);
  expect(found.sort()).toEqual(["x/a", "x/b type", "x/c", "x/d", "x/e"]);
  expect(all.length).toBeGreaterThan(500);
});

it("has nothing reach back along the six words, nor the scenario to any of them", () => {
  const order = (path: string): number => WORDS.indexOf(folderOf(path));
  const back = all.filter(
    ({ from, to }) => order(to) > order(from) && (order(from) >= 0 || folderOf(from) === "scenario"),
  );
  expect(back.map(said).sort()).toEqual(Object.keys(BACK).sort());
});

it("imports nothing of another folder but its face", () => {
  const inside = all.filter(({ from, to }) => {
    const folder = folderOf(to);
    const faces = [`${folder}/index.ts`, `${folder}/types.ts`, ...Object.keys(FACES)];
    return folder !== "" && folder !== folderOf(from) && !faces.includes(to);
  });
  expect(inside.map(said)).toEqual([]);
  for (const face of Object.keys(FACES))
    expect([face, all.some(({ from, to }) => to === face && folderOf(from) !== folderOf(face))]).toEqual([
      face,
      true,
    ]);
});

it("has faces that name what they show", () => {
  const everything = /^export (?:type )?\*/mu;
  expect(everything.test('export type * from "./types.js";')).toBe(true);
  expect(
    sources()
      .filter(({ text }) => everything.test(text))
      .map(({ path }) => path),
  ).toEqual([]);
});

/** Folders that need each other, each with the reason. */
const BOTH_WAYS: Record<string, string> = {
  "population, situation":
    "a pack's prompts are made for a user of a persona, of which they take the types; users are drawn from its situations",
  "preference, scenario": "a stage's fields are declared by the stage (above)",
  "scenario, training": "what a trainer cannot do is declared by the trainer (above)",
};

it("has no two folders that need each other, but where it says why", () => {
  const between = new Set(all.map(({ from, to }) => `${folderOf(from)}, ${folderOf(to)}`));
  const pairs = [...between].filter((pair) => {
    const [a = "", b = ""] = pair.split(", ");
    return a !== "" && b !== "" && a < b && between.has(`${b}, ${a}`);
  });
  expect(pairs.sort()).toEqual(Object.keys(BOTH_WAYS));
});

it("has no circle of files, types included", () => {
  const edges = new Map(sources().map(({ path }) => [path, new Set<string>()]));
  for (const { from, to } of all) if (edges.has(to)) edges.get(from)!.add(to);
  // Whatever imports nothing that is left goes, again and again; what stays lies on a circle or leads into one.
  for (let before = -1; before !== edges.size; ) {
    before = edges.size;
    for (const [path, to] of edges) if ([...to].every((one) => !edges.has(one))) edges.delete(path);
  }
  expect([...edges.keys()]).toEqual([]);
});
