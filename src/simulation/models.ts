import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { type Judge, resolveJudge } from "../evaluation/index.js";
import { findNamed, MAX_CALLS, type ModelSpec, releaseModel } from "../models/index.js";
import type { Owner } from "../owner.js";
import type { Permissions } from "../permissions/index.js";
import { modelField, ofField, rolesAsked, type Scenario } from "../scenario/index.js";

/** Opens a model for a role, with the assistant's adapter of a round or none. */
export type OpenModel = (role: string, spec: ModelSpec, adapter: string | null) => Promise<BaseChatModel>;

/** The models of a run, open. */
export type RunModels = {
  /** The assistant with an adapter, or untrained. The one before is closed. */
  assistant: (adapter: string | null) => Promise<BaseChatModel>;
  /** Frozen: they speak and rate as they did at first. Null where nobody asks them. */
  user: BaseChatModel | null;
  rater: BaseChatModel | null;
  judge: Judge;
};

/** Opens the models of all roles that are asked, the untrained assistant last; `owner` closes them, those too that were open when one failed. */
export async function openModels(
  scenario: Pick<Scenario, "models" | "evaluation" | "source" | "interaction">,
  open: OpenModel,
  { scenarioPath, permissions, owner }: { scenarioPath: string; permissions: Permissions; owner: Owner },
): Promise<RunModels> {
  const { models, evaluation } = scenario;
  const asked = rolesAsked(scenario);
  const opened = <T>(role: keyof typeof models, act: () => Promise<T>): Promise<T> =>
    ofField(modelField(scenarioPath, role, models[role]), act);
  const judge = await opened("judge", () =>
    resolveJudge(models.judge, permissions, (spec) => open("judge", spec, null), evaluation.judge_labels),
  );
  owner.own(judge, () => judge.release?.());
  const frozen = async (role: "user" | "rater"): Promise<BaseChatModel | null> =>
    asked.includes(role)
      ? owner.own(await opened(role, () => open(role, models[role], null)), releaseModel)
      : null;
  const user = await frozen("user");
  const rater = await frozen("rater");
  const assistant = lastOnly((adapter) =>
    opened("assistant", () => open("assistant", models.assistant, adapter)),
  );
  owner.own(assistant, () => assistant.release());
  await assistant.with(null);
  return { assistant: assistant.with, user, rater, judge };
}

/** Remembers the last model, which one round's evaluation and the next one's talks share, and frees the one before. */
function lastOnly(load: (adapter: string | null) => Promise<BaseChatModel>) {
  let last: { adapter: string | null; model: BaseChatModel } | undefined;
  const release = async (): Promise<void> => {
    const before = last;
    last = undefined;
    if (before) await releaseModel(before.model);
  };
  return {
    with: async (adapter: string | null): Promise<BaseChatModel> => {
      if (last?.adapter === adapter) return last.model;
      await release();
      const model = await load(adapter);
      last = { adapter, model };
      return model;
    },
    release,
  };
}

/**
 * Most conversations or probes at the same time: twice what the servers take at once, so that none waits for work, and yet the
 * first conversations end long before the last begin. Undefined where every model is embedded and batches them itself. How
 * much each server gets is the traffic's business.
 */
export function concurrencyOf(specs: readonly ModelSpec[]): number | undefined {
  const limits = new Map<string, number>();
  for (const spec of specs) {
    const model = findNamed(spec);
    if (!model || model.provider.embedded) continue;
    const { base_url, max_concurrency } = model.fields;
    const servers = [base_url ?? []].flat().length || 1;
    limits.set(JSON.stringify([base_url, model.name]), servers * (max_concurrency ?? MAX_CALLS));
  }
  return limits.size === 0 ? undefined : 2 * [...limits.values()].reduce((sum, limit) => sum + limit, 0);
}
