import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { sources } from "./imports.js";

// The field's words, not ours: no exported name, no field of a type and no file is called what an earlier edition called it.

/** Words of an earlier edition, with what is said now; `in` where another part of the code has the word from its own field. */
const OLD: { word: RegExp; now: string; in?: RegExp; not?: RegExp }[] = [
  { word: /^gate$|^turnstile$|^pass$|^sure$/u, now: "adaptive concurrency", in: /^models\// },
  {
    word: /^(?:turns|pace|book|hold)$/u,
    now: "rate limiter: acquire, coolDown",
    in: /^(?:models\/limits|sweep)\//,
  },
  { word: /^(?:again|hopeless|gone)$/u, now: "retryable, fatal, unreachable", in: /^models\// },
  { word: /^cast$|^voices$/u, now: "resources, models", not: /^minnow\// },
  {
    word: /^news$|^silent$|promptReader/iu,
    now: "new keys and values, prefill only, prefill",
    in: /^engine\//,
  },
  { word: /standstill/iu, now: "no-op round" },
  { word: /^push(?:ed|es)?$|^moved|movedMost/u, now: "log-probability shift" },
  { word: /averted/iu, now: "effect against the baseline" },
  { word: /^content(?:s|ed|edness)$/u, now: "satisfaction" },
  { word: /^told$|^told[A-Z]|Told$/u, now: "reported" },
  { word: /^keepBooks$|^line$|^rule$/u, now: "usage log, model info, wrap", in: /^models\// },
  { word: /credible/iu, now: "detected" },
];

/** Names that others see: what is exported, the fields of types, and the file's own. */
function names(path: string, text: string): string[] {
  const exported =
    /^export (?:default )?(?:async )?(?:abstract )?(?:function\*?|const|let|type|class) (\w+)/gmu;
  const fields = /^\s+(?:readonly )?(\w+)\??: (?!.*=>\s*\{$)[^=]*;$/gmu;
  const found = [...text.matchAll(exported), ...text.matchAll(fields)].map(([, name]) => name!);
  return [...found, basename(path).replace(/\.tsx?$/u, "")];
}

const oldWords = (path: string, text: string): string[] =>
  names(path, text).flatMap((name) =>
    OLD.filter((one) => one.word.test(name) && (one.in?.test(path) ?? true) && !one.not?.test(path)).map(
      ({ now }) => `${path}: ${name} is called ${now}`,
    ),
  );

it("calls nothing by a word of an earlier edition", () => {
  expect(sources().flatMap(({ path, text }) => oldWords(path, text))).toEqual([]);
});

it("would find one, exported, as a field or as a file", () => {
  expect(oldWords("report/source/moved.ts", "")).toHaveLength(1);
  expect(oldWords("report/x.ts", "export type One = {\n  told: Contrast | null;\n};")).toHaveLength(1);
  expect(oldWords("drift/x.ts", "export function isCredible(): boolean {")).toHaveLength(1);
  expect(oldWords("models/limits/x.ts", "export function gate(): void {")).toHaveLength(1);
  expect(oldWords("decide/x.ts", "export function gate(): void {")).toEqual([]);
});

/** Words that mean nothing else in prose. */
const IN_PROSE = /\bcredible drop|\bavert(?:s|ed)?\b|\bstandstill\b|\bprompt reader\b/iu;

it("says none of those that mean nothing else on pages and in their figures", () => {
  expect(IN_PROSE.test("<text>No credible drop</text>")).toBe(true);
  const docs = packageFile("docs");
  const pages = readdirSync(docs, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:md|svg)$/u.test(name))
    .map((name) => join(docs, name));
  const found = [...pages, packageFile("README.md"), packageFile("CONTRIBUTING.md")].filter((path) =>
    IN_PROSE.test(readFileSync(path, "utf8")),
  );
  expect(found).toEqual([]);
});

/** Public names of several things; each of them belongs to one. */
const ONE: Record<string, string> = {
  Cell: "scenario/sweep.ts",
  Row: "preference/types.ts",
  Generator: "engine/generate/types.ts",
};

it("has one thing for each of the names that stood for several", () => {
  for (const [name, home] of Object.entries(ONE)) {
    const declared = new RegExp(`^(?:export )?(?:type|class|interface) ${name}\\b`, "mu");
    const found = sources().filter(({ text }) => declared.test(text));
    expect([name, found.map(({ path }) => path)]).toEqual([name, [home]]);
  }
  const functions = /^(?:export )?(?:async )?(?:function|const) (?:spread|pace|generator)\b/mu;
  expect(sources().filter(({ text }) => functions.test(text))).toEqual([]);
});

it("has hover texts that stand alone", () => {
  const leaning =
    /^\s*(?:\/\*\*|\*) (?:The same(?! draws)|And back|The way back|Ditto|As above|Likewise)\b/mu;
  expect(leaning.test("/** The same for a text. */")).toBe(true);
  expect(leaning.test("/**\n * The same with fewer.\n */")).toBe(true);
  expect(
    sources()
      .filter(({ text }) => leaning.test(text))
      .map(({ path }) => path),
  ).toEqual([]);
});
