import { expect, it } from "vitest";
import { killAtRandom } from "../sweep/random-kills.js";

// npm run soak, or CANDOR_KILLS=1000 npm run soak
const kills = Number(process.env.CANDOR_KILLS ?? 100);

it(
  `ends with the same drift.csv after kills at ${kills} random moments`,
  async () => {
    const damage = await killAtRandom(kills, `soak/${kills}`);
    console.log(`${damage.kills} kills, ${damage.torn} torn writes, ${damage.runs} runs finished`);
    expect([...damage.drifts]).toEqual([damage.expected]);
  },
  3_600_000 * 4,
);
