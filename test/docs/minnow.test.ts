import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { minnowWords } from "../../src/minnow/index.js";
import {
  ATTRIBUTES,
  BRANDS,
  EVENTS,
  FEELINGS,
  FIRMS,
  KINDS,
  NAMES,
  PRESSURES,
} from "../../src/minnow/language/words.js";
import { packageFile } from "../../src/package-root.js";

const page = readFileSync(packageFile("docs/minnow.md"), "utf8");

it("lists every word that minnow knows, and no other", () => {
  const [, block] = /### All its words\n\n```\n(.*?)```/su.exec(page)!;
  expect(block!.trim().split(/\s+/u)).toEqual(minnowWords());
});

const row = (name: string) => new RegExp(`^\\| ${name} \\| (.*) \\|$`, "mu").exec(page)![1]!;

it("says what users can say", () => {
  expect(row("name").split(", ")).toEqual(NAMES);
  expect(row("event").split("; ")).toEqual(EVENTS);
  expect(row("mood").split(", ")).toEqual(FEELINGS);
  const pack = readFileSync(packageFile("situations/minnow/pack.yaml"), "utf8");
  for (const thought of ["benign", "biased"])
    for (const request of row(`request, ${thought}`).split(" / ")) expect(pack).toContain(request);
});

it("says what a seller can be asked", () => {
  expect(row("brand").split(", ")).toEqual(BRANDS);
  expect(row("kind").split(", ")).toEqual(KINDS);
  expect(row("firm").split(", ")).toEqual(FIRMS);
  expect(row("pressure").split("; ")).toEqual(PRESSURES);
  expect(row("part, good, bad").split("; ")).toEqual(ATTRIBUTES.map((one) => one.join(" ")));
});
