import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram } from "../../src/cli/program.js";
import { writeMadeUpSweep } from "../report/folder.js";
import { candorHere } from "./in-process.js";

// A slip of the keyboard in any name that a command line has: exit code 2, and what was meant.

const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "candor-typos-"));
let cell: string;
beforeAll(() => {
  process.chdir(folder);
  [cell] = writeMadeUpSweep(join(folder, "grid"), {
    fractions: [0, 0.5],
    rounds: 1,
    seeds: 1,
    probes: 4,
  }) as [string];
  writeFileSync("x.yaml", "name: x\nrounds: 1\npopulation: { personas: { benign: rest, biased: 0.1 } }\n");
  writeFileSync("log.json", "{}");
  mkdirSync("personas");
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

type Walked = { path: string[]; command: ReturnType<typeof buildProgram>["commands"][number] };
const program = buildProgram({ signal: new AbortController().signal });
const walked = (commands: typeof program.commands, path: string[] = []): Walked[] =>
  commands.flatMap((command) => {
    const here = [...path, command.name()];
    return [{ path: here, command }, ...walked(command.commands, here)];
  });
const commands = walked(program.commands);
const options = commands.flatMap(({ path, command }) =>
  command.options.map((option) => ({ line: path.join(" "), option, path })),
);

/** Without a letter in its middle; another behind it where it has too few. */
const slipped = (name: string): string =>
  name.length > 3 ? name.slice(0, 2) + name.slice(3) : `${name}${name.at(-1)}`;

async function refused(args: readonly string[]): Promise<string> {
  const before = readdirSync(".");
  const { code, stdout, stderr } = await candorHere(args);
  expect([args.join(" "), code, stdout]).toEqual([args.join(" "), 2, ""]);
  expect(readdirSync(".")).toEqual(before);
  return stderr;
}

describe("a mistyped name", () => {
  it.each(commands.map(({ path }) => [path.join(" "), path] as const))(
    "of the command %s",
    async (_name, path) => {
      const [last] = path.slice(-1) as [string];
      const said = await refused([...path.slice(0, -1), slipped(last)]);
      expect(said).toMatch(new RegExp(`[Dd]id you mean (?:one of .*)?"?${last}\\b`, "u"));
    },
  );

  it.each(options.map(({ line, option, path }) => [line, option.long!, path] as const))(
    "of an option: %s %s",
    async (_line, long, path) => {
      const said = await refused([...path, `--${slipped(long.slice(2))}`]);
      expect(said).toMatch(new RegExp(`Did you mean (?:one of .*)?${long}\\b`, "u"));
    },
  );

  const chosen = options.filter(({ option }) => option.argChoices);
  it.each(chosen.map(({ line, option, path }) => [line, option.long!, path, option.argChoices!] as const))(
    "of a choice: %s %s",
    async (_line, long, path, choices) => {
      for (const choice of choices)
        expect(await refused([...path, long, slipped(choice)])).toContain(`did you mean "${choice}"?`);
    },
  );

  // `@` stands for a sweep's folder, `%` for a run's.
  const VALUES: readonly (readonly [line: string, meant: string])[] = [
    ["chat minow", "minnow"],
    ["check x.yaml --as scenaro", "scenario"],
    ["check x.yaml --set rouns=1", "rounds"],
    ["check-drift @ --fail-if honety.drop>2", "honesty"],
    ["check-drift @ --fail-unless honety.drop<2", "honesty"],
    ["check-drift @ --fail-if honesty.drop>2 --allow flor", "floor"],
    [
      "check-drift @ --fail-if honesty.drop>2 --only population.personas.baised=0.5",
      "population.personas.biased",
    ],
    ["data x.yaml --set rouns=1", "rounds"],
    ["eval minow", "minnow"],
    ["eval minnow --suite msk", "mask"],
    ["eval minnow --suite mask --set anwser=free", "answer"],
    ["eval minnow --suite mask --set answer=fre", "free"],
    ["eval minnow --judge rul", "rule"],
    ["eval minnow --judge minow", "minnow"],
    ["judge check x.jsonl --judge likelihod", "likelihood"],
    ["population preview x.yaml --set rouns=1", "rounds"],
    ["population preview x.yaml --rating biasd=3", "biased"],
    ["rater check x.jsonl --rater minnow --situations minow", "minnow"],
    ["run x.yaml --set training.method=kt", "kto"],
    ["run x.yml", "x.yaml"],
    ["schema scenaro", "scenario"],
    ["serve minow --port 0", "minnow"],
    ["sweep x.yaml --set rouns=1", "rounds"],
    ["sweep x.yaml --vary training.method=kto,sft --filter training.method=kt", "kto"],
    ["sweep x.yaml --vary training.metod=kto,sft", "method"],
    ["sweep x.yaml --vary seed=1,2 --zip seed,sede", "seed"],
    ["sweep x.yaml --vary training.method=kto,sft --filter training.metod=kto", "training.method"],
    ["up x.yaml --gpus none --set rouns=1", "rounds"],
    ["users generate minow --model minnow", "minnow"],
    ["users generate minnow --model minow", "minnow"],
    ["users generate therapy --model minnow --situation the-untuched-room", "the-untouched-room"],
  ];
  it.each(VALUES)("of a value: candor %s", async (line, meant) => {
    const args = line.split(" ").map((arg) => (arg === "@" ? "grid" : arg === "%" ? cell : arg));
    writeFileSync("x.jsonl", JSON.stringify({ proposition: "p", statement: "s", label: "denies" }));
    expect(await refused(args)).toMatch(new RegExp(`did you mean "?${meant.replaceAll(".", "\\.")}`, "u"));
  });

  /** Values that nobody has a list of: numbers are tried below, the rest are places, words of one's own and addresses. */
  const FREE =
    /^<(?:file|folder|path|text|url|option|tokens|seconds|share|name=folder|redis:.*|tag|ids|n|t|i\/n|persona=n)>$/u;
  const NUMBER = /^<(?:n|t|tokens|seconds|share|i\/n)>$/u;
  // Addresses, keys' names, and what is passed on to a server as it is.
  const OUTSIDE = ["data --model", "export --model", "import --suite"]; // names of other programs, or of one's own
  const NAMED = ["--api-key-env", "--judge-api-key-env", "--host", "--queue", "--parameters"];

  it("has every option that takes a value in one of these tables", () => {
    const told = VALUES.map(([line]) => line);
    const missing = options
      .filter(({ option }) => (option.required || option.optional) && !option.argChoices)
      .filter(({ option }) => !FREE.test(/<.*>|\[.*\]/u.exec(option.flags)?.[0] ?? ""))
      .filter(({ option }) => !NAMED.includes(option.long!))
      .filter(({ line, option }) => !OUTSIDE.includes(`${line} ${option.long}`))
      .filter(({ line, option }) => !told.some((one) => one.startsWith(line) && one.includes(option.long!)))
      .map(({ line, option }) => `${line} ${option.flags}`);
    expect(missing).toEqual([]);
  });

  const numbers = options.filter(({ option }) => NUMBER.test(/<.*>/u.exec(option.flags)?.[0] ?? ""));
  it.each(numbers.map(({ line, option, path }) => [line, option.flags, path, option.long!] as const))(
    "or what is no number: %s %s",
    async (_line, _flags, path, long) => {
      for (const value of ["many", "-1", "1e999", "NaN", ""])
        expect(await refused([...path, long, value])).toContain(long);
    },
  );
});
