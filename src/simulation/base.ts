import { describeModel, modelName } from "../models/index.js";
import type { Permissions } from "../permissions/index.js";
import type { Resources } from "../resources/index.js";
import { modelField, refusal, type Scenario } from "../scenario/index.js";
import { trainerKind } from "../training/kinds/index.js";

/**
 * The checkpoint that training starts from: a folder, or a name that a trainer outside this process knows. Throws a UserError
 * if the trainer cannot train the assistant, nothing says what it starts from, or its adapters lead nowhere.
 */
export async function baseCheckpoint(
  { models, training }: Pick<Scenario, "models" | "training">,
  { local, trainerBase }: Pick<Resources, "local" | "trainerBase">,
  { scenarioPath, permissions }: { scenarioPath: string; permissions: Permissions },
): Promise<string> {
  const folder = local.assistant?.checkpoint ?? null;
  const { assistant } = models;
  const name = modelName(assistant);
  const refused = (what: string) =>
    refusal(modelField(scenarioPath, "assistant", assistant), `${name}${what}`);
  if (trainerKind(training.trainer)?.embedded) {
    if (folder !== null) return folder;
    throw refused(
      ` cannot be trained by the ${training.trainer} trainer; use minnow or hf:<folder>, or another training.trainer`,
    );
  }
  if (!(await describeModel(assistant, permissions)).takesAdapters)
    throw refused(
      `: its server must get each round's adapter: add adapters: vllm, or a command with {adapter}`,
    );
  const base = trainerBase ?? folder;
  if (base !== null) return base;
  throw refused(
    `: say what ${training.trainer} is to start from: training.external.model, a folder or a name it knows`,
  );
}
