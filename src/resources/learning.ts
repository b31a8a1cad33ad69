import type { Contrast } from "../disposition/index.js";
import type { Asking } from "./asking.js";
import { loadTrainerBase } from "./checkpoints.js";
import { loadContrasts } from "./contrasts.js";
import { loadNeutral, type NeutralRows } from "./data.js";

/** What training needs beside the rows of its rounds. */
export type Learning = {
  /** Rows on which training holds the model to the untrained one; null where nothing holds it. */
  neutral: NeutralRows | null;
  /** Rows that are imitated beside those that users taught; null where none are. */
  safe: NeutralRows | null;
  /** The contrasts by which the model is moved while it learns; null where nothing does. */
  steering: readonly Contrast[] | null;
  /** What a trainer outside this process starts from; null where the scenario does not say. */
  trainerBase: string | null;
};

export async function loadLearning({
  scenario: { training, models },
  scenarioPath,
  permissions,
  take,
}: Asking): Promise<Learning> {
  const { kl, interleave, steer, external } = training;
  const origin = { scenarioPath, permissions };
  return {
    neutral: kl ? await take(loadNeutral, kl.data, scenarioPath, ["training", "kl", "data"]) : null,
    safe: interleave
      ? await take(loadNeutral, interleave.data, scenarioPath, ["training", "interleave", "data"])
      : null,
    steering: steer
      ? await take(
          loadContrasts,
          steer.contrasts,
          ["training", "steer", "contrasts"],
          models.assistant,
          origin,
        )
      : null,
    trainerBase: external?.model === undefined ? null : await take(loadTrainerBase, external.model),
  };
}
