import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram } from "../../src/cli/program.js";
import { candorIn } from "./in-process.js";

// What is said twice of one thing: the last counted, without a word.

const folder = mkdtempSync(join(tmpdir(), "candor-twice-"));
beforeAll(() => {
  writeFileSync(
    join(folder, "x.yaml"),
    "name: x\nrounds: 2\npopulation: { personas: { benign: rest, biased: 0 } }\nsweep: { vary: { population.personas.biased: [0, 0.5] } }\nprofiles: { small: { rounds: 1 }, large: { rounds: 3 } }\n",
  );
  writeFileSync(
    join(folder, "arms.yaml"),
    "name: x\npopulation: { personas: { benign: rest, biased: 0 } }\nsweep: { cases: { a: { training.method: sft }, b: { training.method: kto } } }\n",
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function refused(args: readonly string[]): Promise<string> {
  const before = readdirSync(folder);
  const { code, stdout, stderr } = await candorIn(args, folder);
  expect([args.join(" "), code, stdout]).toEqual([args.join(" "), 2, ""]);
  expect(readdirSync(folder)).toEqual(before);
  return stderr;
}

const sets = (...fields: string[]) => fields.flatMap((field) => ["--set", field]);

describe("a field that is set twice is refused with both", () => {
  it.each([
    [["rounds=1", "rounds=3"], "--set rounds=1 and --set rounds=3: both are about rounds; give one of them"],
    [["rounds=1", "rounds=1"], "both are about rounds"],
    [
      ["population.size=8", "population={ personas: { benign: rest } }"],
      "--set population.size=8 and --set population={ personas: { benign: rest } }: both are about population.size",
    ],
    [
      ["population={ size: 8, personas: { benign: rest } }", "population.size=9"],
      "--set population={ size: 8, personas: { benign: rest } } and --set population.size=9: both are about population.size",
    ],
    [
      ["profile=small", "profile=large"],
      "--set profile=small and --set profile=large: both are about profile",
    ],
  ])("%j", async (fields, said) => {
    for (const command of ["run", "sweep", "up", "data"])
      expect(await refused([command, "x.yaml", ...sets(...fields)])).toContain(said);
    expect(await refused(["population", "preview", "x.yaml", ...sets(...fields)])).toContain(said);
  });

  it("but not a part of one that the other leaves open", async () => {
    const { code, stderr } = await candorIn(
      [
        "population",
        "preview",
        "x.yaml",
        "--json",
        ...sets("population={ personas: { benign: rest } }", "population.size=9", "profile=small"),
      ],
      folder,
    );
    expect([code, stderr]).toEqual([0, ""]);
  });
});

it("says in which cases a field that is set does not count", async () => {
  const { loadScenario } = await import("../../src/scenario/index.js");
  const { unreached } = await import("../../src/sweep/index.js");
  writeFileSync(
    join(folder, "some.yaml"),
    "name: x\npopulation: { personas: { benign: rest } }\nsweep: { cases: { a: {}, b: { training.method: kto, training.beta: 0.2 } } }\n",
  );
  const set = ["training.beta=0.3", "rounds=2"];
  const { scenario } = loadScenario(join(folder, "some.yaml"), set);
  expect(unreached(set, scenario)).toEqual([
    "--set training.beta=0.3 does not count in b, which sets it in the scenario",
  ]);
});

it.each([
  [
    ["--vary", "rounds=1,2", "--vary", "rounds=3"],
    "--vary rounds=1,2 and --vary rounds=3: both are about rounds; give one of them",
  ],
  [
    ["--set", "population.personas.biased=0.2"],
    "--set population.personas.biased=0.2: the sweep varies it, so this would change nothing; its values are given with --vary population.personas.biased=…",
  ],
  [["--set", "rounds=1", "--vary", "rounds=2,3"], "--set rounds=1: the sweep varies it"],
  [["--vary", "rounds=1,2", "--zip", "rounds,rounds"], "--zip rounds,rounds: rounds stands there twice"],
  [
    [
      "--vary",
      "evaluation.max_tokens=4,5",
      "--vary",
      "interaction.max_tokens=4,5",
      "--filter",
      "max_tokens=4",
    ],
    "--filter max_tokens=4: max_tokens may be evaluation.max_tokens or interaction.max_tokens; write the whole field",
  ],
])("a sweep's %j is refused", async (args, said) => {
  expect(await refused(["sweep", "x.yaml", "--plan", ...args])).toContain(said);
});

it.each([
  [
    "cases: { a: { training: { method: sft }, training.lora_r: 2 }, b: { training.method: kto } }",
    "training.lora_r: lies within training, which stands here too; write it there",
  ],
])("refuses a case of whose fields one would be lost: %s", async (cases, said) => {
  writeFileSync(
    join(folder, "nested.yaml"),
    `name: x\npopulation: { personas: { benign: rest } }\nsweep: { ${cases} }\n`,
  );
  expect(await refused(["sweep", "nested.yaml", "--plan"])).toContain(said);
});

it("refuses a profile of whose fields one would be lost", async () => {
  writeFileSync(
    join(folder, "profile.yaml"),
    "name: x\npopulation: { personas: { benign: rest } }\nprofiles: { a: { training.lora_r: 2, training: { method: sft } } }\n",
  );
  expect(await refused(["sweep", "profile.yaml", "--plan", "--set", "profile=a"])).toContain(
    "profile a: training.lora_r: lies within training, which stands there too; write it there",
  );
});

it("refuses a field that every case sets", async () => {
  expect(await refused(["sweep", "arms.yaml", "--plan", "--set", "training.method=kto"])).toContain(
    "--set training.method=kto: every case of the sweep sets it, so this would change nothing; change the cases",
  );
});

it.each([
  [["up", "x.yaml", "--model", "a=b", "--model", "a=c"], "--model a=b and --model a=c: both are about a"],
  [
    ["population", "preview", "x.yaml", "--rating", "benign=2", "--rating", "benign=3"],
    "--rating benign=2 and --rating benign=3: both are about benign",
  ],
  [["eval", "minnow", ...sets("answer=free", "answer=closed")], "both are about answer"],
])("%j is refused", async (args, said) => {
  expect(await refused(args)).toContain(said);
});

describe("an option that takes one value", () => {
  const program = buildProgram({ signal: new AbortController().signal });
  type Below = (typeof program)["commands"][number];
  const below = (command: Below, path: string[]): { path: string[]; flags: string; long: string }[] => [
    ...command.options.flatMap((option) =>
      option.isBoolean() || option.variadic || /may be repeated|pair by pair/u.test(option.description)
        ? []
        : [{ path, flags: option.flags, long: option.long! }],
    ),
    ...command.commands.flatMap((one) => below(one, [...path, one.name()])),
  ];
  const options = program.commands.flatMap((one) => below(one, [one.name()]));

  it.each(options.map(({ path, flags, long }) => [`${path.join(" ")} ${flags}`, path, flags, long] as const))(
    "is refused when it stands twice: %s",
    async (_name, path, flags, long) => {
      const choices = ["1", "0/2", "trl", "tune", "reply", "none", "http://127.0.0.1:9/v1"];
      for (const value of choices) {
        const said = await refused([...path, `${long}=${value}`, `${long}=${value}`]);
        if (!said.includes("stands there twice")) continue;
        expect(said).toContain(
          `candor: option '${flags}' stands there twice, ${value} and ${value}; give one of them`,
        );
        return;
      }
      expect.unreachable(`none of ${choices} is a value of ${long}`);
    },
  );
});

describe("an option that could do nothing is refused:", () => {
  it.each([
    [["data", "x.yaml", "--out", "there"], "--out: of a run only; of a scenario nothing is written"],
    [["data", "x.yaml", "--round", "1"], "--round: of a run only"],
    [["data", "runs/none", "--set", "rounds=1"], "--set: of a scenario only"],
    [
      ["export", "runs/none", "--format", "csv", "--round", "1"],
      "--round: of rows for a trainer only; csv has all rounds",
    ],
    [["sweep", "x.yaml", "--sbatch=--time=1"], "--sbatch: only with --slurm"],
    [["sweep", "x.yaml", "--at-once", "2"], "--at-once: only with --slurm"],
    [["sweep", "x.yaml", "--slurm", "--filter", "seed=1"], "--filter: not with --slurm"],
    [["sweep", "x.yaml", "--slurm", "--workers", "2"], "--workers: not with --slurm"],
    [["sweep", "x.yaml", "--slurm", "--gpus", "0"], "--gpus: not with --slurm"],
    [["sweep", "x.yaml", "--queue", "redis://x", "--workers", "2"], "--workers: not with --queue"],
    [["sweep", "x.yaml", "--queue", "redis://x", "--gpus", "0"], "--gpus: not with --queue"],
    [
      ["sweep", "x.yaml", "--queue", "redis://x", "--trainers-per-gpu", "2"],
      "--trainers-per-gpu: not with --queue",
    ],
    [["sweep", "--collect", "runs/none", "--set", "rounds=1"], "--set: not with --collect"],
    [["sweep", "x.yaml", "--plan", "--queue"], "--queue: not with --plan"],
  ])("%j", async (args, said) => {
    expect(await refused(args)).toContain(said);
  });
});
