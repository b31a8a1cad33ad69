import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { SftRow } from "../../src/preference/index.js";
import { run } from "../../src/simulation/index.js";
import type { Trainer } from "../../src/training/types.js";
import { playedBy, tinyScenario } from "./world.js";

const ask = async (...overrides: string[]) => {
  const loaded = tinyScenario(
    "training.method=rloo",
    "rounds=2",
    "training.every=2",
    "interaction.exchanges=1",
    ...overrides,
  );
  const folder = join(await mkdtemp(join(tmpdir(), "candor-online-")), "run");
  const marks: { persona: string; truth: number | null; flattery: number | null }[] = [];
  let told: Parameters<Trainer>[0]["drawing"];
  await run(loaded.scenario, {
    ...playedBy(loaded, folder),
    trainer: async ({ data, rate, drawing, output }) => {
      told = drawing;
      for (const row of data.rows as SftRow[]) {
        const [truth, flattery] = await rate!(row, ["truth", "flattery"], `s/${row.source.interaction}`);
        const persona = row.prompt[0]!.content.includes("flattery") ? "biased" : "benign";
        marks.push({ persona, truth: truth!, flattery: flattery! });
      }
      expect(
        await rate!({ ...(data.rows[0] as SftRow), source: { interaction: "?", exchange: 0 } }, ["x"], "s"),
      ).toEqual([null]);
      await mkdir(output, { recursive: true });
      await writeFile(join(output, "obliging"), "0.4");
      return { steps: 1, rows: data.rows.length, tokens: null, loss_first: 0, loss_last: 0 };
    },
  });
  return { marks, told };
};

it("has the users of all rounds since the last training rate what is drawn to their turns, each as itself", async () => {
  const { marks, told } = await ask("interaction.max_tokens=9");
  expect(told).toEqual({ temperature: 1, maxTokens: 9 });
  // Two rounds of twelve users with a turn each: all of them, not the best.
  expect(marks).toHaveLength(24);
  for (const { persona, truth, flattery } of marks)
    expect(Math.sign(flattery! - truth!)).toBe(persona === "biased" ? 1 : -1);
});

it("gives marks as users report them and as stages leave them", async () => {
  const { marks } = await ask(
    "population.behaviour.biased={ clip: [4, 4] }",
    "population.behaviour.benign={ rates: 0 }",
    "preference.defences=[{ kind: agreement_penalty, points: 3, phrases: [flattery] }]",
  );
  // Nobody learns from those who never rate.
  expect(new Set(marks.map(({ persona }) => persona))).toEqual(new Set(["biased"]));
  for (const { truth, flattery } of marks) expect([truth, flattery]).toEqual([4, 1]);
});
