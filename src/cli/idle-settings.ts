import { mistakeInWords } from "../mistakes.js";
import type { Scenario } from "../scenario/index.js";
import { tell } from "./say.js";

/** Says which settings of a scenario change nothing, before anything is played. */
export async function tellIdleSettings(scenario: Scenario, scenarioPath: string): Promise<void> {
  const { idleSettings } = await import("../scenario/index.js");
  for (const one of idleSettings(scenario, scenarioPath)) tell(`note: ${mistakeInWords(one)}\n`);
}
