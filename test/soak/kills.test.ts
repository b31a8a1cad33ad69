import { expect, it } from "vitest";
import { killAtRandom } from "../sweep/random-kills.js";

// npm run soak, or CANDOR_KILLS=10000 npm run soak
const kills = Number(process.env.CANDOR_KILLS ?? 1_000);

it(
  `ends with the same drift.csv after kills at ${kills} random moments`,
  async () => {
    const damage = await killAtRandom(kills, `soak/${kills}`);
    const { runs, cut, perRun } = damage;
    console.log(
      `${damage.kills} kills (${cut} with a cut file), ${runs} runs of ${perRun.join(" to ")} kills`,
    );
    expect([...damage.drifts]).toEqual([damage.expected]);
  },
  3_600_000 * 4,
);
