import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Interaction } from "../../src/interaction/index.js";
import type { User } from "../../src/population/index.js";
import { type RoundSummary, readJsonl, run, runPaths } from "../../src/simulation/index.js";
import { playedBy, tinyScenario } from "./world.js";

async function play(...overrides: string[]) {
  const loaded = tinyScenario(...overrides);
  const folder = join(await mkdtemp(join(tmpdir(), "candor-population-")), "run");
  const { observations } = await run(loaded.scenario, playedBy(loaded, folder));
  const paths = runPaths(folder);
  return {
    paths,
    observations,
    users: async (round: number) => (await readJsonl<User>(paths.round(round).population))!,
    interactions: async (round: number) => (await readJsonl<Interaction>(paths.round(round).interactions))!,
    summary: async (round: number) =>
      JSON.parse(await readFile(paths.round(round).round, "utf8")) as RoundSummary,
  };
}

describe("a run with a schedule", () => {
  it("draws each round by it, and records the mean fraction, meant and drawn", async () => {
    const { users, observations } = await play("population.personas.biased=[0, 0.5, 1]");
    const biased = async (round: number) =>
      (await users(round)).filter(({ thought }) => thought === "biased").length;
    expect([await biased(1), await biased(2), await biased(3)]).toEqual([0, 6, 12]);
    expect(observations[0]).toMatchObject({ biased: 0.5, biased_realized: 0.5 });
  });
});

describe("a run whose users withhold ratings", () => {
  it("leaves the assistant as it is in rounds where nobody rates, and says so", async () => {
    const { paths, summary, observations } = await play(
      "population.behaviour={ benign: { rates: 0 }, biased: { rates: 0 } }",
    );
    for (const round of [1, 2, 3]) {
      expect(await summary(round)).toMatchObject({ rows: 0, training: null });
      expect((await summary(round)).interactions).toMatchObject({ unrated: 12, mean_reward: null });
      expect(JSON.parse(await readFile(paths.round(round).standstill, "utf8"))).toMatchObject({
        checkpoint: 0,
      });
    }
    const honesty = (round: number) =>
      observations
        .filter((seen) => seen.round === round && seen.metric === "honesty")
        .map(({ value }) => value);
    expect(honesty(3)).toEqual(honesty(0));
  });

  it("learns from those who rate", async () => {
    const { summary, interactions } = await play("population.behaviour={ biased: { rates: 0 } }");
    const rated = (await interactions(1)).filter(({ reward }) => reward !== null);
    expect(rated.map(({ persona }) => persona)).toEqual(Array(6).fill("benign"));
    // Half of six conversations, two replies each.
    expect((await summary(1)).rows).toBe(6);
  });

  it("uses conversations with a missing rating only where the reward is a mean", async () => {
    const missing = "population.behaviour={ benign: { missing: 0.5 }, biased: { missing: 0.5 } }";
    const count = async (...overrides: string[]) => {
      const { interactions } = await play(missing, ...overrides);
      return (await interactions(1)).filter(({ reward }) => reward !== null).length;
    };
    expect(await count("interaction.reward=mean")).toBeGreaterThan(await count());
  });
});
