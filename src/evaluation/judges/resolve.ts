import { resolve } from "node:path";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { surrounded, UserError } from "../../errors.js";
import { type ModelSpec, releaseModel, resolveChatModel } from "../../models/index.js";
import { NOTHING, type Permissions } from "../../permissions/index.js";
import { nearest } from "../../yaml/index.js";
import type { Judge } from "../types.js";
import { chatJudge, type JudgeLabels } from "./chat.js";
import { moduleJudge } from "./module.js";
import { judgeNamed, namedJudges } from "./registry.js";

const MODULE = "module:";

/** Whether a judge's name stands for a model. */
export function isModelJudge(spec: ModelSpec): boolean {
  return judgeNamed(nameOf(spec)) === undefined;
}

/**
 * The judge a scenario names under `models.judge`: `rule`, `likelihood`, a module that exports one as `judge`, or a chat
 * model. Throws a UserError on a name that is none of these.
 */
export async function resolveJudge(
  spec: ModelSpec,
  permissions: Permissions = NOTHING,
  resolveModel: (spec: ModelSpec) => Promise<BaseChatModel> = (spec) =>
    resolveChatModel(spec, { permissions }),
  labels: JudgeLabels = "reply",
): Promise<Judge> {
  const name = nameOf(spec);
  const own = judgeNamed(name);
  if (own) return own.judge;
  if (name.startsWith(MODULE)) {
    const judge = await moduleJudge(resolve(name.slice(MODULE.length)), permissions);
    if (judge) return judge;
  }
  try {
    const model = await resolveModel(spec);
    return {
      ...chatJudge(model, labels),
      release: async () => {
        await releaseModel(model);
      },
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw surrounded(error, "", otherJudges(name));
  }
}

/** What a name that no model has may have meant. */
export function otherJudges(name: string): string {
  const names = namedJudges.map((one) => one.name);
  const near = nearest(name, names);
  return near === null
    ? `; or ${names.join(" or ")}, which need no model`
    : `; did you mean ${near}, which needs no model?`;
}

function nameOf(spec: ModelSpec): string {
  return typeof spec === "string" ? spec : spec.model;
}
