import { dirname, resolve } from "node:path";
import { trials } from "../complaints.js";
import { hasReplies } from "../disposition/index.js";
import { UserError } from "../errors.js";
import { takenOptions } from "../module-options.js";
import { importAll, type Permissions } from "../permissions/index.js";
import { readReplayFile, type StageFiles } from "../preference/index.js";
import { stageOf } from "../preference/stages/index.js";
import { type DefenceSettings, namedFile, type Scenario, stageJudge } from "../scenario/index.js";
import { shownPath } from "../shown-path.js";
import { loadModelFiles } from "./checkpoints.js";
import { loadContrasts } from "./contrasts.js";
import { gather } from "./gather.js";
import { hashPath } from "./hash.js";
import { withOptionsPlaced } from "./place.js";
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
    const where = `${shownPath(scenarioPath)} preference.defences[${index}]`;
    const judge = stageJudge(one);
    await wrong.attempt(async () => {
      if (judge !== null && judges) take(await loadModelFiles(judge, permissions));
      value.push(take(await loadStage(one, { scenarioPath, permissions, assistant, index }, where)));
    });
  }
  wrong.end();
  return { value, inputs: inputs() };
}

async function loadStage(
  one: DefenceSettings,
  { scenarioPath, permissions, assistant, index }: Omit<StageOptions, "judges"> & { index: number },
  where: string,
): Promise<Loaded<StageFiles[number]>> {
  const needs = stageOf(one.kind).needs?.(one);
  switch (needs?.load) {
    case "rows": {
      const path = besideOrShipped(needs.file, scenarioPath, where);
      const inputs = { [`${one.kind} ${needs.file}`]: await hashPath(path) };
      return { value: { replay: readReplayFile(path) }, inputs };
    }
    case "contrasts": {
      const field = `preference.defences: ${one.kind}.contrasts`;
      const at = { scenarioPath, permissions };
      const { value, inputs } = await loadContrasts(needs.contrasts, field, assistant, at);
      if (needs.replies && !value.every(hasReplies))
        throw new UserError(
          `${where}.at: the contrasts give no replies; use at: prompt, or give each side an assistant's turn`,
        );
      return { value: { contrasts: value }, inputs };
    }
    case "module": {
      const path = besideOrShipped(needs.path, scenarioPath, where);
      const inputs = { [`${one.kind} ${needs.path}`]: await hashPath(path) };
      const { default: module, options: schema } = await importAll(path, where, permissions);
      const from = { file: resolve(path), schema, where: `${where}: ${path}` };
      const options = await withOptionsPlaced(
        { scenarioPath, field: ["preference", "defences", index] },
        () => takenOptions(from, needs.options) ?? {},
      );
      return { value: { module, options, where: from.where }, inputs };
    }
    default:
      return { value: null, inputs: {} };
  }
}

/** Where a file that a defence names stands: beside the scenario, or else among the shipped scenarios. */
function besideOrShipped(name: string, scenarioPath: string, where: string): string {
  const found = namedFile(name, scenarioPath, "scenarios");
  if (found) return found;
  throw new UserError(`${where}: no such file: ${shownPath(resolve(dirname(scenarioPath), name))}`);
}
