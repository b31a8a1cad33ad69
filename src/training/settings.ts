import { balancedKtoWeights, kindOfRows, type PreferenceData } from "../preference/index.js";
import type { Scenario } from "../scenario/index.js";
import type { TrainingSettings } from "./types.js";

/**
 * What a trainer is told in a round: the scenario's numbers, with the learning rate as far down as rounds of training came
 * before, and for labelled rows the weights of the two sides set from their counts if the scenario wants that.
 */
export function settingsFor(
  training: Scenario["training"],
  data: PreferenceData,
  round: number,
): TrainingSettings {
  const {
    method: _method,
    trainer: _trainer,
    external: _external,
    start_from: _start,
    kl: _kl,
    interleave: _interleave,
    steer: _steer,
    save_steps: _saveSteps,
    every,
    learning_rate_decay: decay,
    kto_weights: weights,
    ...settings
  } = training;
  const before = Math.ceil(round / every) - 1;
  const of = kindOfRows(data);
  const balanced =
    of.kind === "labelled" && weights === "balanced" ? balancedKtoWeights(of.rows, settings) : null;
  return { ...settings, learning_rate: settings.learning_rate * decay ** before, ...balanced };
}
