import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SftRow } from "../../src/preference/index.js";
import { type RoundSummary, runPaths } from "../../src/runs/index.js";
import { type RunOptions, run } from "../../src/simulation/index.js";
import { FakeModel } from "../fakes/model.js";
import { readJsonl } from "../fakes/run-folder.js";
import { playedBy, tinyScenario } from "./world.js";

type World = {
  size: number;
  biased: number;
  method: "sft" | "kto";
  life: string;
  rates: number;
  /** What every rater says; null lets raters differ. */
  rating: string | null;
  seed?: number;
};

const LIVES = {
  none: "null",
  "nobody returns": "{ stay: { trusting: 0, distrusting: 0 } }",
  "everybody leaves": "{ stay: { trusting: 0, distrusting: 0 }, arrivals: 0 }",
  "everybody stays": "{ stay: { trusting: 1, distrusting: 1 }, arrivals: 0 }",
};

async function play({ size, biased, method, life, rates, rating, seed = 1 }: World) {
  const loaded = tinyScenario(
    "rounds=2",
    `seed=${seed}`,
    `population.size=${size}`,
    `population.personas.biased=${biased}`,
    `population.behaviour={ benign: { rates: ${rates} }, biased: { rates: ${rates} } }`,
    ...(life === "null" ? [] : [`population.life=${life}`]),
    `training.method=${method}`,
  );
  const folder = join(await mkdtemp(join(tmpdir(), "candor-extremes-")), "run");
  const options = playedBy(loaded, folder);
  let models = 0;
  const resolveModel: RunOptions["resolveModel"] = async (...given) => {
    const model = await options.resolveModel!(...given);
    models += 1;
    // The second model asked for is the rater's.
    return rating !== null && models === 2 ? new FakeModel(() => rating) : model;
  };
  const { observations } = await run(loaded.scenario, { ...options, resolveModel });
  const at = (round: number) => runPaths(folder).round(round);
  return {
    observations,
    log: () => readFile(runPaths(folder).log, "utf8"),
    rows: async (round: number) => (await readJsonl<SftRow>(at(round).preference))!,
    summary: async (round: number) => JSON.parse(await readFile(at(round).round, "utf8")) as RoundSummary,
  };
}

it("says in the log how many conversations were left out, of how many", async () => {
  const { log } = await play({ size: 3, biased: 0, method: "sft", life: "null", rates: 0, rating: null });
  expect(await log()).toContain("3 of 3 conversations left out: failed, or without a mark");
});

const world = fc.record({
  size: fc.integer({ min: 1, max: 5 }),
  biased: fc.constantFrom(0, 0.5, 1),
  method: fc.constantFrom("sft" as const, "kto" as const),
  life: fc.constantFrom(...Object.values(LIVES)),
  rates: fc.constantFrom(0, 0.5, 1),
  rating: fc.constantFrom(null, "5"),
  seed: fc.integer({ min: 1, max: 1000 }),
});

describe("a run at the edges of everything", () => {
  it("ends, learns from the share it is told, and records what was there", async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const { rows, summary, observations } = await play(given);
        expect(new Set(observations.map(({ round }) => round))).toEqual(new Set([0, 1, 2]));
        for (const round of [1, 2]) {
          const { users, interactions, rows: count, learnt = true, biased } = await summary(round);
          const present = Object.values(users).reduce((sum, one) => sum + one, 0);
          expect(present).toBe(round === 2 && given.life === LIVES["everybody leaves"] ? 0 : given.size);
          expect(interactions.count).toBe(present);
          const rated = present - interactions.unrated;
          const half = rated === 0 ? 0 : Math.max(1, Math.floor(rated / 2));
          const taught = given.method === "sft" ? half : Math.min(rated, 2 * half);
          expect(count).toBe(2 * taught);
          expect(await rows(round)).toHaveLength(count);
          expect(learnt).toBe(count > 0);
          expect(biased!.drawn).toBe(present === 0 ? 0 : (users.biased ?? 0) / present);
          if (given.biased !== 0.5 && present > 0) expect(biased!.drawn).toBe(given.biased);
        }
      }),
      { numRuns: 25, seed: 5 },
    );
  });

  it("draws among equal ratings by the seed, not by order", async () => {
    const equal = { size: 40, biased: 0.5, method: "sft" as const, life: LIVES.none, rates: 1, rating: "5" };
    const taught = async (seed: number) => {
      const { rows } = await play({ ...equal, seed });
      return new Set((await rows(1)).map(({ source }) => source.interaction));
    };
    const [first, again, other] = [await taught(1), await taught(1), await taught(2)];
    expect(first.size).toBe(20);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    const early = [...first].filter((id) => Number(id.split("-u")[1]) < 20).length;
    expect(early).toBeGreaterThan(3);
    expect(early).toBeLessThan(17);
  });
});
