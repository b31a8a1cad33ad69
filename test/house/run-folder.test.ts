import { expect, it } from "vitest";
import { sources } from "./imports.js";

// Nobody outside src/runs knows what a file of a run's or sweep's folder is called. Sentences for people may name one.

const NAMES =
  /(?:^|\/)(?:(?:run|round|sweep|labels|usage|sealed|no-op|defences|disposition|cases|queue|submitted)\.json|run\.(?:log|lock)|(?:drift|within)\.csv|drift\.json|report\.html|(?:rounds|cells|checkpoints)\/.*|(?:population|interactions|preference|training|canary|within|[^/]*\.partial)\.jsonl)$/u;

/** Texts of a program, without its comments. */
function literals(text: string): string[] {
  const bare = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gmu, "");
  return [...bare.matchAll(/(["'`])((?:\\.|(?!\1)[^\\\n])*)\1/gu)].map(([, , inside]) => inside!);
}

const named = (text: string): string[] => literals(text).filter((one) => !/\s/u.test(one) && NAMES.test(one));

it("names no file of the run folder outside runs/", () => {
  const found = sources()
    .filter(({ path }) => !path.startsWith("runs/"))
    .flatMap(({ path, text }) => named(text).map((name) => `${path}: ${name}`));
  expect(found).toEqual([]);
});

it("would find one, in any quotes, and none in a comment or a sentence", () => {
  expect(named('join(folder, "run.json");')).toEqual(["run.json"]);
  expect(named("`${folder}/rounds/${number}/probes.jsonl`")).toHaveLength(1);
  expect(named('/** Its `run.json`. */ // "run.json"\nthrow new Error("it has no run.json");')).toEqual([]);
});
