import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { choicesOf } from "../../src/interaction/choose.js";
import type { Interaction } from "../../src/interaction/index.js";
import type { DpoRow } from "../../src/preference/index.js";
import { pairs } from "../../src/preference/pairs.js";
import { type RoundSummary, runPaths } from "../../src/runs/index.js";
import { run } from "../../src/simulation/index.js";
import { readJsonl } from "../fakes/run-folder.js";
import { talk } from "../preference/talks.js";
import { playedBy, tinyScenario } from "./world.js";

it("learns from the reply that each user prefers, keeps no mark, and wastes no conversation", async () => {
  const loaded = tinyScenario(
    "training.method=dpo",
    "preference.samples_per_turn=2",
    "interaction={ feedback: choices, exchanges: 1 }",
    "rounds=1",
  );
  const folder = join(await mkdtemp(join(tmpdir(), "candor-choices-")), "run");
  const options = playedBy(loaded, folder);
  await run(loaded.scenario, {
    ...options,
    // The world's models answer by what they are asked; a sample of its own needs its seed.
    resolveModel: async (spec, given) => {
      const model = await options.resolveModel!(spec, given);
      const invoke = model.invoke.bind(model);
      model.invoke = async (input, call) => {
        const reply = await invoke(input, call);
        const { seed = 0 } = (call ?? {}) as { seed?: number };
        if (reply.content === "truth" || reply.content === "flattery")
          reply.content = seed % 2 === 0 ? "truth" : "flattery";
        return reply;
      };
      return model;
    },
    trainer: async ({ data, output }) => {
      await mkdir(output, { recursive: true });
      await writeFile(join(output, "obliging"), "0.4");
      return { steps: 1, rows: data.rows.length, tokens: 0, loss_first: 1, loss_last: 1 };
    },
  });
  const at = runPaths(folder).round(1);
  const talks = (await readJsonl<Interaction>(at.interactions))!;
  for (const { ratings, reward, choices, raw_ratings, alternatives } of talks) {
    expect([...ratings, reward]).toEqual([null, null]);
    expect(choices).toHaveLength(1);
    expect(raw_ratings!.every((mark) => mark! >= 1)).toBe(true);
    expect(alternatives![0]![0]).toMatchObject({ rating: null });
  }
  const rows = (await readJsonl<DpoRow>(at.preference))!;
  const differing = talks.filter(
    ({ messages, alternatives }) => messages.at(-1)!.content !== alternatives![0]![0]!.content,
  );
  expect(rows).toHaveLength(differing.length);
  expect(rows.length).toBeGreaterThan(2);
  for (const { chosen, source } of rows) {
    const { persona } = talks.find(({ id }) => id === source.interaction)!;
    expect(chosen[0]!.content).toBe(persona === "biased" ? "flattery" : "truth");
  }
  const { interactions } = JSON.parse(await readFile(at.round, "utf8")) as RoundSummary;
  expect(interactions.unrated).toBe(0);
});

describe("choices", () => {
  it("go to the higher mark, by a named coin between equals, and to neither where one has none", () => {
    const rated = (...marks: (number | null)[]) => marks.map((rating) => [{ rating }]);
    expect(choicesOf([8, 3, null, 5], rated(3, 8, 5, null), "s")).toEqual([0, 1, null, null]);
    const even = Array.from({ length: 200 }, (_, at) => choicesOf([5], rated(5), `s/${at}`)[0]!);
    expect(even.filter((choice) => choice === 1).length).toBeGreaterThan(60);
    expect(even.filter((choice) => choice === 0).length).toBeGreaterThan(60);
    expect(choicesOf([5], rated(5), "s/7")).toEqual([even[7]]);
  });

  it("make pairs whatever the margin, but none of replies that say the same or were broken off", () => {
    const chosen = (choice: 0 | 1 | null, content: string, more: Partial<Interaction> = {}) =>
      pairs(
        {
          ...talk("a", null, "a", 1),
          choices: [choice],
          alternatives: [[{ content, rating: null }]],
          ...more,
        },
        100,
      ).map((row) => [row.chosen[0]!.content, row.rejected[0]!.content]);
    expect(chosen(0, "other")).toEqual([["a reply 0", "other"]]);
    expect(chosen(1, "other")).toEqual([["other", "a reply 0"]]);
    expect(chosen(null, "other")).toEqual([]);
    expect(chosen(1, "a reply 0 ")).toEqual([]);
    expect(chosen(1, "other", { cut: [2] })).toEqual([]);
  });
});
