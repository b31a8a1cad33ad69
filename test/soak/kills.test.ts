import { expect, it } from "vitest";
import { killAtRandom } from "../sweep/random-kills.js";

// npm run soak, or CANDOR_KILLS=10000 CANDOR_KILLS_SEED=… npm run soak -- kills
const kills = Number(process.env.CANDOR_KILLS ?? 1_000);
const seed = process.env.CANDOR_KILLS_SEED ?? `soak/${kills}`;

it(
  `ends with the same drift.csv after kills at ${kills} random moments`,
  async () => {
    // Said as they go on, so that a series that has to be stopped has its numbers too.
    const damage = await killAtRandom(kills, seed, ({ kills: so, cut, runs, drifts, expected }) => {
      const others = [...drifts].filter((drift) => drift !== expected).length;
      console.log(
        `CANDOR_KILLS_SEED=${seed}: ${so} kills (${cut} with a cut file), ${runs} runs, ${others} others`,
      );
    });
    const { runs, cut, perRun } = damage;
    console.log(
      `${damage.kills} kills (${cut} with a cut file), ${runs} runs of ${perRun.join(" to ")} kills`,
    );
    expect([...damage.drifts]).toEqual([damage.expected]);
  },
  3_600_000 * 4,
);
