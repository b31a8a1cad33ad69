import { UserError } from "../errors.js";
import { describeModel, modelName } from "../models/index.js";
import type { Permissions } from "../permissions/index.js";
import type { Resources } from "../resources/index.js";
import type { Scenario } from "../scenario/index.js";
import { shownPath } from "../shown-path.js";
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
  const where = `${shownPath(scenarioPath)} models.assistant: ${name}`;
  if (trainerKind(training.trainer)?.embedded) {
    if (folder !== null) return folder;
    throw new UserError(
      `${where} cannot be trained by the ${training.trainer} trainer; use minnow or hf:<folder>, or another training.trainer`,
    );
  }
  if (!(await describeModel(assistant, permissions)).takesAdapters)
    throw new UserError(
      `${where}: its server must get each round's adapter: add adapters: vllm, or a command with {adapter}`,
    );
  const base = trainerBase ?? folder;
  if (base !== null) return base;
  throw new UserError(
    `${where}: say what ${training.trainer} is to start from: training.external.model, a folder or a name it knows`,
  );
}
