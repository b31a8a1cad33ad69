import type { Contrast } from "../disposition/index.js";
import type { Load, Resources } from "../resources/index.js";
import { modelField, ofField, refusal, type Scenario } from "../scenario/index.js";
import { openReader, type Reader } from "./fit.js";

/**
 * Throws a UserError where hidden states are asked for that the assistant has not, or of texts that are longer than what it reads. Both are
 * known before anything is played.
 */
export async function requireInside(
  scenario: Scenario,
  { contrasts, steering, stages, local }: Pick<Resources, "contrasts" | "steering" | "stages" | "local">,
  { scenarioPath, load }: { scenarioPath: string; load: Load },
): Promise<void> {
  const checkpoint = local.assistant?.checkpoint;
  if (checkpoint === undefined) return;
  const asked = [
    {
      field: ["evaluation", "disposition"],
      layer: scenario.evaluation.disposition?.layer,
      contrasts: contrasts ?? [],
    },
    { field: ["training", "steer"], layer: scenario.training.steer?.layer, contrasts: steering ?? [] },
    ...scenario.preference.defences.flatMap((one, index) => {
      const file = stages[index];
      if (!file || !("contrasts" in file)) return [];
      const layer = "layer" in one ? one.layer : undefined;
      return [{ field: ["preference", "defences", index], layer, contrasts: file.contrasts }];
    }),
  ];
  for (const { field, layer, contrasts } of asked) {
    if (layer === undefined && contrasts.length === 0) continue;
    const assistant = modelField(scenarioPath, "assistant", scenario.models.assistant);
    const reader = await ofField(assistant, () => load(openReader, checkpoint));
    if (layer !== undefined && layer > reader.layers)
      throw refusal(
        { scenarioPath, field: [...field, "layer"] },
        `expected 1 to ${reader.layers}, the blocks of the assistant, found ${layer}`,
      );
    const longest = Math.max(0, ...contrasts.map((one) => tokensOf(one, reader)));
    if (longest > reader.context)
      throw refusal(
        { scenarioPath, field: [...field, "contrasts"] },
        `the longest takes ${longest} tokens, and the assistant reads ${reader.context}; use shorter ones`,
      );
  }
}

function tokensOf({ obliging, candid }: Contrast, { count }: Reader): number {
  return Math.max(
    ...[obliging, candid].map(({ messages, reply }) =>
      count(reply === undefined ? messages : [...messages, { role: "assistant", content: reply }]),
    ),
  );
}
