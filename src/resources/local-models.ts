import { surrounded, UserError } from "../errors.js";
import { isModelJudge, otherJudges } from "../evaluation/index.js";
import { modelName, requireModelName } from "../models/index.js";
import { modelField, ofField, refusal, rolesAsked, type Scenario } from "../scenario/index.js";
import type { Asking } from "./asking.js";
import { type LocalModel, loadModelFiles } from "./checkpoints.js";

/** Where the models of the roles lie on this machine; null for those that do not, are somebody's own, or are not asked. */
export type LocalModels = Readonly<Record<"assistant" | "user" | "rater", LocalModel>>;

/** Those of a scenario whose models are somebody's own. */
export const NO_LOCAL_MODELS: LocalModels = { assistant: null, user: null, rater: null };

/** Throws a UserError for the first model that leads nowhere, whoever it is for. */
export async function loadLocalModels(asking: Asking): Promise<LocalModels> {
  const { scenario, scenarioPath } = asking;
  const local = {
    assistant: await filesOf("assistant", asking),
    user: await filesOf("user", asking),
    rater: await filesOf("rater", asking),
  };
  if (isModelJudge(scenario.models.judge)) await filesOf("judge", asking);
  if (local.assistant?.adapter) refuseAdapter(scenario, scenarioPath);
  return local;
}

async function filesOf(
  role: keyof Scenario["models"],
  { scenario, scenarioPath, permissions, take }: Asking,
): Promise<LocalModel> {
  const spec = scenario.models[role];
  return await ofField(modelField(scenarioPath, role, spec), async () => {
    try {
      if (rolesAsked(scenario).includes(role)) return await take(loadModelFiles, spec, permissions);
      // A model that nobody asks need not be there, but what is no model's name is a mistake all the same.
      requireModelName(spec);
      return null;
    } catch (error) {
      if (role !== "judge" || !(error instanceof UserError)) throw error;
      throw surrounded(error, "", otherJudges(modelName(spec)));
    }
  });
}

/** The assistant is given adapters, so it must not be one. */
function refuseAdapter({ models }: Scenario, scenarioPath: string): never {
  const name = typeof models.assistant === "string" ? models.assistant : models.assistant.model;
  throw refusal(
    modelField(scenarioPath, "assistant", models.assistant),
    `${name} is an adapter; name the checkpoint it belongs to, which rounds can put adapters on`,
  );
}
