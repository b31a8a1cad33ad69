import { trials } from "../complaints.js";
import { type Judge, requireJudgeable } from "../evaluation/index.js";
import { releaseModel, resolveChatModel } from "../models/index.js";
import { Owner } from "../owner.js";
import { NOTHING, type Permissions } from "../permissions/index.js";
import { stageOf } from "../preference/stages/index.js";
import {
  type Load,
  loadAnew,
  loadResources,
  loadStages,
  type Resources,
  type StageOptions,
} from "../resources/index.js";
import {
  type DefenceSettings,
  modelField,
  ofField,
  ofFieldNow,
  requirePermitted,
  type Scenario,
  stageField,
  stageJudge,
  withMinnow,
} from "../scenario/index.js";
import { baseCheckpoint } from "./base.js";
import { requireFit } from "./fit.js";
import { requireInside } from "./fit-inside.js";
import { refuseKnownOverlaps } from "./known-overlap.js";
import { type OpenModel, openModels } from "./models.js";
import { probedBy } from "./probed.js";
import { requireAction, trainerNamed } from "./setup.js";
import { budgetOf } from "./traffic.js";

export type TryOutOptions = {
  /** The scenario's file: what it names is looked up beside it first. */
  scenarioPath: string;
  permissions?: Permissions;
  /** How things are loaded and opened: once for all cells of a sweep that name the same. Each time anew if absent. */
  load?: Load;
};

/**
 * Does all that setting a run up does, and closes it again: finds here, not in a worker after an hour, what is wrong with what
 * a scenario names. Returns what it read. Throws a UserError of all mistakes that can be told without mending others first.
 */
export async function tryOut(
  given: Scenario,
  { scenarioPath, permissions = NOTHING, load = loadAnew }: TryOutOptions,
): Promise<Resources> {
  const scenario = withMinnow(given);
  requirePermitted(scenario, scenarioPath, permissions);
  trainerNamed(scenario, scenarioPath);
  const wrong = trials();
  const resources = await wrong.attempt(async () => {
    const found = await loadResources(scenario, { scenarioPath, permissions, load });
    await baseCheckpoint(scenario, found, { scenarioPath, permissions });
    await requireFit(scenario, found, { scenarioPath, permissions, load });
    await requireInside(scenario, found, { scenarioPath, load });
    await refuseKnownOverlaps(scenario, found, scenarioPath);
    return found;
  });
  const { preference, source, models, evaluation, interaction } = scenario;
  // These fields alone: what is remembered goes by all that is given, and cells of a sweep differ in others.
  const judge = await wrong.attempt(() =>
    load(tryModels, { models, evaluation, source, interaction }, permissions, scenarioPath),
  );
  await wrong.attempt(() => {
    if (!resources || !judge) return;
    for (const suite of probedBy(resources))
      ofFieldNow(modelField(scenarioPath, "judge", models.judge), () => requireJudgeable(suite, judge));
  });
  const shared = { scenarioPath, permissions, assistant: models.assistant };
  await wrong.attempt(() => load(tryDefences, preference.defences, source, shared));
  await wrong.attempt(() => budgetOf(scenario, scenarioPath, permissions));
  wrong.end();
  return resources!;
}

const opener =
  (permissions: Permissions): OpenModel =>
  (role, spec, adapter) =>
    resolveChatModel(spec, { role, adapter, permissions });

/** Opens the models of all roles that are asked and closes them. Returns the judge: closed, it still says what it needs. */
async function tryModels(
  scenario: Pick<Scenario, "models" | "evaluation" | "source" | "interaction">,
  permissions: Permissions,
  scenarioPath: string,
): Promise<Judge> {
  await using owner = new Owner();
  return (await openModels(scenario, opener(permissions), { scenarioPath, permissions, owner })).judge;
}

/** Opens what defences are made from and closes it. */
async function tryDefences(
  defences: readonly DefenceSettings[],
  source: Scenario["source"],
  { permissions, ...given }: Omit<StageOptions, "judges">,
): Promise<void> {
  await using owner = new Owner();
  const { value: files } = await loadStages(defences, { ...given, judges: false, permissions });
  const { scenarioPath } = given;
  const open = opener(permissions);
  for (const [index, one] of defences.entries()) {
    const defence = await ofField(stageField(scenarioPath, index, one), async () => {
      const judge = stageJudge(one);
      if (judge !== null) owner.own(await open("defence", judge, null), releaseModel);
      return await stageOf(one.kind).tryOut?.(one, files[index] ?? null);
    });
    if (!defence) continue;
    owner.own(defence, () => defence.release?.());
    ofFieldNow(stageField(scenarioPath, index, one), () => requireAction(defence, source));
  }
}
