import { findDirection, middleLayer } from "../disposition/index.js";
import { openEmbedded } from "../models/index.js";
import type { TrainingRequest } from "../training/types.js";
import type { RunContext } from "./context.js";

/**
 * What is added to the residual stream while the assistant learns: the way from candid to obliging in the untrained model, times the
 * coefficient. The same in every round, so it is found anew where it is needed. Nothing where nothing steers.
 */
export async function steeringOf({
  scenario,
  resources,
  base,
  threads,
}: Pick<RunContext, "scenario" | "resources" | "base" | "threads">): Promise<TrainingRequest["steer"]> {
  const { steer } = scenario.training;
  if (!steer || !resources.steering) return undefined;
  const model = await openEmbedded({ checkpoint: base, adapter: null, threads });
  try {
    const layer = steer.layer ?? middleLayer(model.layers);
    const { vector } = await findDirection(model, resources.steering, { layer });
    return { layer, vector: Float32Array.from(vector, (value) => value * steer.coefficient) };
  } finally {
    await model.release();
  }
}
