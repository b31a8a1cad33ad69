import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Interaction } from "../../src/interaction/index.js";
import type { User } from "../../src/population/index.js";
import { type RoundSummary, runPaths } from "../../src/runs/index.js";
import { run } from "../../src/simulation/index.js";
import { readJsonl } from "../fakes/run-folder.js";
import { playedBy, tinyScenario } from "./world.js";

const newFolder = async () => join(await mkdtemp(join(tmpdir(), "candor-population-")), "run");

async function play(...overrides: string[]) {
  const loaded = tinyScenario(...overrides);
  const folder = await newFolder();
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
      expect((await summary(round)).interactions).toMatchObject({
        unrated: 12,
        silent: 12,
        mean_reward: null,
      });
      expect(JSON.parse(await readFile(paths.round(round).noOp, "utf8"))).toMatchObject({
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

describe("a run whose users have lives", () => {
  const lives =
    "population.life={ gain: 0.6, stay: { trusting: 1, distrusting: 0 }, return: 0.3, arrivals: fill }";

  it("brings people back by how they liked the assistant, and records the fraction that came of it", async () => {
    const { users, interactions, summary, observations } = await play(
      lives,
      "population.size=40",
      "rounds=4",
    );
    const first = new Map((await users(1)).map((user) => [user.person, user]));
    const again = (await users(2)).filter(({ visit }) => visit === 2);
    const felt = new Map((await interactions(1)).map(({ user, ratings }) => [user, ratings]));
    expect(again.length).toBeGreaterThan(3);
    for (const { person, last_rating, situation } of again) {
      const ratings = felt.get(person!)! as number[];
      expect(last_rating).toBe((ratings[0]! + ratings[1]!) / 2);
      expect(first.get(person)!.situation).toBe(situation);
    }
    expect((await summary(2)).again).toBe(again.length);
    const drawn = await Promise.all([1, 2, 3, 4].map(async (round) => (await summary(round)).biased!.drawn));
    expect(drawn[0]).toBe(0.5);
    expect(new Set(drawn).size).toBeGreaterThan(1);
    const [seen] = observations;
    expect(seen!.biased).toBe(0.5);
    expect(seen!.biased_realized).not.toBe(0.5);
  });

  it("gives the same bytes wherever it was interrupted", async () => {
    const loaded = tinyScenario(lives, "population.behaviour={ benign: { noise: 2, missing: 0.2 } }");
    const read = async (folder: string) =>
      await Promise.all(
        [1, 2, 3].flatMap((round) => {
          const at = runPaths(folder).round(round);
          return [at.population, at.interactions, at.preference].map((path) => readFile(path, "utf8"));
        }),
      );
    const whole = await newFolder();
    let events = 0;
    await run(loaded.scenario, {
      ...playedBy(loaded, whole),
      onEvent: () => {
        events += 1;
      },
    });
    const expected = await read(whole);
    for (let stop = 5; stop < events - 10; stop += 17) {
      const folder = await newFolder();
      const controller = new AbortController();
      let seen = 0;
      const onEvent = () => {
        seen += 1;
        if (seen === stop) controller.abort(new Error("interrupted"));
      };
      const options = playedBy(loaded, folder);
      await expect(
        run(loaded.scenario, { ...options, onEvent, signal: controller.signal }),
      ).rejects.toThrow();
      await run(loaded.scenario, options);
      expect(await read(folder), `stopped at event ${stop}`).toEqual(expected);
    }
  });

  it("goes on to its end when everybody has left", async () => {
    const { users, summary } = await play(
      "population.life={ stay: { trusting: 0, distrusting: 0 }, arrivals: 0 }",
    );
    expect(await users(2)).toEqual([]);
    expect(await summary(3)).toMatchObject({ users: {}, rows: 0, training: null, biased: { drawn: 0 } });
    expect((await summary(3)).metrics).toEqual((await summary(1)).metrics);
  });
});

describe("held-out users", () => {
  it("talk and rate, and no row is made of what they said", async () => {
    const { users, interactions, summary, paths } = await play("population.held_out=4");
    expect(await users(1)).toHaveLength(16);
    const talks = await interactions(1);
    expect(talks.filter(({ held_out }) => held_out).map(({ ratings }) => ratings.length)).toEqual([
      2, 2, 2, 2,
    ]);
    const rows = (await readJsonl<{ source: { interaction: string } }>(paths.round(1).preference))!;
    expect(rows.filter(({ source }) => source.interaction.startsWith("r1-h"))).toEqual([]);
    expect(await summary(1)).toMatchObject({ users: { benign: 6, biased: 6 }, held_out: 4, rows: 12 });
    const without = await play();
    expect(rows).toEqual(await readJsonl(without.paths.round(1).preference));
  });
});
