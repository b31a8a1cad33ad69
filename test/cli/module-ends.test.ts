import { expect, it } from "vitest";
import { folderWith } from "../scenario/files.js";
import { candor } from "./candor.js";

// In processes of their own: what ends them is looked at.

const stage = (screen: string): string => `export default () => ({ kind: "own", screen: ${screen} });\n`;

const suite = `export default {
  label: "L", metrics: [{ id: "m", label: "M", direction: "higher", tone: "good", headline: true }],
  open: () => ({ probes: [{ id: "p", subset: "s", texts: ["?"] }], offers: { rules: true }, run: () => new Promise(() => {}) }),
};\n`;

it.each([
  ["never.mjs", stage("() => new Promise(() => {})"), 'stage "own": screen() gives a promise that is never'],
  ["never-suite.mjs", suite, "the suite's run() gives a promise that is never"],
  [
    "late.mjs",
    stage("() => new Promise(() => setImmediate(() => { throw new Error('too late'); }))"),
    "too late",
  ],
])("ends a command that the module %s lets hang or break off, with a word", (file, code, message) => {
  const folder = folderWith({ [file]: code });
  const { code: ended, stderr } = candor(["check", file, "--allow-modules"], folder);
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/\n\s+at |Node\.js/u);
  expect(ended).toBe(file === "late.mjs" ? 1 : 2);
});
