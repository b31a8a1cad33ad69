import { resolve } from "node:path";
import { trials } from "../complaints.js";
import { hasReplies } from "../disposition/index.js";
import { takenOptions } from "../module-options.js";
import { importAll, type Permissions } from "../permissions/index.js";
import { readReplayFile, type StageFiles } from "../preference/index.js";
import { stageOf } from "../preference/stages/index.js";
import {
  type DefenceSettings,
  ofField,
  ofFieldNow,
  refusal,
  type Scenario,
  stageField,
  stageJudge,
} from "../scenario/index.js";
import { shownPath } from "../shown-path.js";
import { loadModelFiles } from "./checkpoints.js";
import { loadContrasts } from "./contrasts.js";
import { gather } from "./gather.js";
import { hashModule, hashPath } from "./hash.js";
import { besideOrShipped } from "./named-file.js";
import type { Loaded } from "./types.js";

export type StageOptions = {
  /** The scenario's file: what stages name is looked up beside it first. */
  scenarioPath: string;
  /** Whether the models that judge are to be found on this machine. */
  judges: boolean;
  permissions: Permissions;
  /** Whose language shipped contrasts are taken in. */
  assistant: Scenario["models"]["assistant"];
};

/**
 * Loads what the defences of a scenario name: rows to replay, modules, and what their judges are made of on this machine
 * unless `judges` is false. Throws a UserError on a file that is missing or malformed, or a module that may not run.
 */
export async function loadStages(
  defences: readonly DefenceSettings[],
  { scenarioPath, judges, permissions, assistant }: StageOptions,
): Promise<Loaded<StageFiles>> {
  const { take, inputs } = gather();
  const value: StageFiles[number][] = [];
  const wrong = trials();
  for (const [index, one] of defences.entries()) {
    const judge = stageJudge(one);
    await wrong.attempt(async () => {
      if (judge !== null && judges)
        await ofField(stageField(scenarioPath, index, one), async () => {
          take(await loadModelFiles(judge, permissions));
        });
      value.push(take(await loadStage(one, { scenarioPath, permissions, assistant, index })));
    });
  }
  wrong.end();
  return { value, inputs: inputs() };
}

async function loadStage(
  one: DefenceSettings,
  { scenarioPath, permissions, assistant, index }: Omit<StageOptions, "judges"> & { index: number },
): Promise<Loaded<StageFiles[number]>> {
  const own = ["preference", "defences", index];
  const needs = stageOf(one.kind).needs?.(one);
  switch (needs?.load) {
    case "rows": {
      return await ofField({ scenarioPath, field: [...own, "file"], value: needs.file }, async () => {
        const path = besideOrShipped(needs.file, scenarioPath, "scenarios");
        const value = { replay: readReplayFile(path) };
        return { value, inputs: { [`${one.kind} ${needs.file}`]: await hashPath(path) } };
      });
    }
    case "contrasts": {
      const field = [...own, "contrasts"];
      const at = { scenarioPath, permissions };
      const { value, inputs } = await loadContrasts(needs.contrasts, field, assistant, at);
      if (needs.replies && !value.every(hasReplies))
        throw refusal(
          { scenarioPath, field: [...own, "at"] },
          "the contrasts give no replies; use at: prompt, or give each side an assistant's turn",
        );
      return { value: { contrasts: value }, inputs };
    }
    case "module": {
      const named = { scenarioPath, field: [...own, "path"], value: needs.path };
      const { path, exported } = await ofField(named, async () => {
        const path = besideOrShipped(needs.path, scenarioPath, "scenarios");
        return { path, exported: await importAll(path, permissions) };
      });
      const where = shownPath(path);
      const from = { file: resolve(path), schema: exported.options, where };
      const options = ofFieldNow({ scenarioPath, field: own }, () => takenOptions(from, needs.options) ?? {});
      const inputs = { [`${one.kind} ${needs.path}`]: await hashModule(path) };
      return { value: { module: exported.default, options, where }, inputs };
    }
    default:
      return { value: null, inputs: {} };
  }
}
