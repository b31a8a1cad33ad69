// @ts-check
import { packageFile } from "../../dist/package-root.js";
import { drawPopulation } from "../../dist/population/index.js";
import { loadPack, loadPersonas } from "../../dist/resources/index.js";
import { scenarioSchema } from "../../dist/scenario/index.js";

/**
 * A round of `size` users of the therapy pack, a tenth of them biased, two exchanges each: five calls a talk.
 * @param {number} size
 * @returns {Promise<Omit<Parameters<typeof import("../../dist/interaction/index.js").converseAll>[0], "models">>}
 */
export async function talksOf(size) {
  const path = packageFile("scenarios/paper.yaml");
  const scenario = scenarioSchema.parse({
    name: "bench",
    population: { size, personas: { benign: "rest", biased: 0.1 } },
  });
  const { value: personas } = await loadPersonas(["benign", "biased"], path);
  const { value: pack } = await loadPack("therapy", path);
  return {
    users: drawPopulation({ scenario, personas, pack, seed: 1, round: 1 }),
    personas,
    pack,
    settings: { exchanges: 2, temperature: 1, maxTokens: 100, reward: "sum" },
    seed: 1,
    round: 1,
  };
}

export const CALLS_A_TALK = 5;
