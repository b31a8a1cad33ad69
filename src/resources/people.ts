import { trials } from "../complaints.js";
import type { Persona } from "../population/index.js";
import { ofField, type Scenario } from "../scenario/index.js";
import type { SituationPack } from "../situation/index.js";
import type { Asking } from "./asking.js";
import { loadPack } from "./pack.js";
import { loadPersonas } from "./personas.js";

type Origin = Pick<Asking, "scenarioPath" | "take">;

/** The personas that a scenario names. Throws a UserError of all that is wrong with any of them. */
export async function personasOf(
  { population }: Pick<Scenario, "population">,
  { scenarioPath, take }: Origin,
): Promise<Record<string, Persona>> {
  const wrong = trials();
  const personas: Record<string, Persona> = {};
  for (const name of Object.keys(population.personas))
    await wrong.attempt(async () => {
      const field = ["population", "personas", name];
      const loaded = await ofField({ scenarioPath, field, at: "key" }, () =>
        take(loadPersonas, [name], scenarioPath),
      );
      Object.assign(personas, loaded);
    });
  wrong.end();
  return personas;
}

/** The situation pack that a scenario names, with the prompts of its own if it has some. */
export async function packOf(
  { situations, prompts }: Pick<Scenario, "situations" | "prompts">,
  { scenarioPath, take }: Origin,
): Promise<SituationPack> {
  return await ofField({ scenarioPath, field: ["situations"], value: situations }, () =>
    take(loadPack, situations, scenarioPath, { prompts }),
  );
}
