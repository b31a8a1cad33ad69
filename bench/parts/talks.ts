import type { ConverseAllRequest } from "../../src/interaction/index.js";
import { packageFile } from "../../src/package-root.js";
import { drawPopulation } from "../../src/population/index.js";
import { loadPack, loadPersonas } from "../../src/resources/index.js";
import { scenarioSchema } from "../../src/scenario/index.js";

/** A round of `size` users of the therapy pack, a tenth of them biased, two exchanges each: five calls a talk. */
export async function talksOf(size: number): Promise<Omit<ConverseAllRequest, "models">> {
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
