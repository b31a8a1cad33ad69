import { trials } from "../complaints.js";
import type { Contrast } from "../disposition/index.js";
import { mistaken } from "../errors.js";
import type { LabelledStatement, Suite } from "../evaluation/index.js";
import type { RatedPair } from "../interaction/index.js";
import { type Persona, withBehaviour } from "../population/index.js";
import type { StageFiles } from "../preference/index.js";
import { misplacedDefences, type Scenario, stageMistake } from "../scenario/index.js";
import type { SituationPack } from "../situation/index.js";
import { type Asked, canaryOf, suitesOf, withinOf, withMetric } from "./asked-suites.js";
import { refuseForeignQuestions } from "./asked-users.js";
import type { Asking } from "./asking.js";
import { loadJudgeCheck, loadRaterCheck } from "./checks.js";
import { loadContrasts } from "./contrasts.js";
import { type Experience, loadExperience } from "./experience.js";
import { gather } from "./gather.js";
import { idleAtShare, refuseIdleStages } from "./idle.js";
import { type Learning, loadLearning } from "./learning.js";
import { type Load, loadAnew } from "./load.js";
import { type LocalModels, loadLocalModels, NO_LOCAL_MODELS } from "./local-models.js";
import { packOf, personasOf } from "./people.js";
import { loadSuite } from "./probes.js";
import { loadStages } from "./stages.js";
import { strangeInScenario } from "./strange.js";

/** Everything that a scenario names, found and read; no model is open yet. */
export type Resources = Experience &
  Learning & {
    personas: Readonly<Record<string, Persona>>;
    pack: SituationPack;
    suites: readonly Suite[];
    /** The probes that decide whether a checkpoint is taken over, with what of them counts; null where none do. */
    canary: { suite: Suite; metric: string; drop: number } | null;
    /** What is put to the model within a round; null where nothing is. */
    within: Suite | null;
    /** What judge and rater are checked on before anything is spent; null where nothing says. */
    checks: { judge: LabelledStatement[] | null; rater: RatedPair[] | null };
    /** What defences name. */
    stages: StageFiles;
    local: LocalModels;
    /** Occasions that part an obliging from a candid assistant, for a look inside; null where nobody looks. */
    contrasts: readonly Contrast[] | null;
    /** What its model can make nothing of, a sentence each. */
    strange: readonly string[];
    /** What stages cannot do in this very run although they could at another share, a sentence each. */
    notes: readonly string[];
    /** SHA-256 of all of it, by name. */
    inputs: Record<string, string>;
  };

export type ResourceOptions = Pick<Asking, "scenarioPath" | "permissions"> & {
  /** Whether its models are somebody's own and not those that it names. */
  ownModels?: boolean;
  /** How loaders are called; each time anew if absent. */
  load?: Load;
};

/** Loads what a scenario names. Throws a UserError of all that is missing or broken; writes nothing. */
export async function loadResources(
  scenario: Scenario,
  { scenarioPath, permissions, ownModels = false, load = loadAnew }: ResourceOptions,
): Promise<Resources> {
  refuseMisplacedStages(scenario, scenarioPath);
  const { take, inputs } = gather();
  const asking: Asking = {
    scenario,
    scenarioPath,
    permissions,
    take: async (loader, ...args) => take(await load(loader, ...args)),
  };
  const wrong = trials();
  const suites = await wrong.attempt(() => loadSuites(asking));
  const names = Object.keys(scenario.population.personas);
  const personas = await wrong.attempt(() => personasOf(scenario, asking));
  const pack = await wrong.attempt(() => packOf(scenario, asking));
  const checks = await wrong.attempt(async () => {
    if (pack === undefined) return undefined;
    refuseForeignQuestions(scenario, pack, scenarioPath);
    return await loadChecks(asking, names, pack);
  });
  const experience = await wrong.attempt(() => loadExperience(asking, personas ?? {}));
  const stages = await wrong.attempt(() =>
    asking.take(loadStages, scenario.preference.defences, {
      scenarioPath,
      judges: !ownModels,
      permissions,
      assistant: scenario.models.assistant,
    }),
  );
  const contrasts = await wrong.attempt(() => loadDisposition(asking));
  const learning = await wrong.attempt(() => loadLearning(asking));
  wrong.end();
  const loaded = {
    ...experience!,
    personas: withBehaviour(personas!, scenario.population.behaviour),
    pack: pack!,
    ...suites!,
    checks: checks!,
    stages: stages!,
    contrasts: contrasts!,
    ...learning!,
  };
  refuseIdleStages(scenario, loaded, scenarioPath);
  const local = ownModels ? NO_LOCAL_MODELS : await loadLocalModels(asking);
  // Models of somebody's own may know any language.
  const strange = ownModels ? [] : (await strangeInScenario(scenario, loaded, asking)).notes;
  return { ...loaded, local, strange, notes: idleAtShare(scenario, loaded, scenarioPath), inputs: inputs() };
}

/** A scenario need not come from a file, where its rules are checked. */
function refuseMisplacedStages(scenario: Scenario, scenarioPath: string): void {
  const [misplaced] = misplacedDefences(scenario);
  if (misplaced) throw mistaken(stageMistake(scenarioPath, scenario.preference.defences, misplaced));
}

async function loadSuites({
  scenario,
  take,
  ...origin
}: Asking): Promise<Pick<Resources, "suites" | "canary" | "within">> {
  const suiteOf = async ({ request }: Asked): Promise<Suite> =>
    await take(loadSuite, request, origin.permissions);
  const suites: Suite[] = [];
  const wrong = trials();
  for (const ask of suitesOf(scenario, origin)) {
    const suite = await wrong.attempt(async () => await suiteOf(await ask()));
    if (suite) suites.push(suite);
  }
  wrong.end();
  const canary = await canaryOf(scenario, origin);
  const within = await withinOf(scenario, origin);
  return {
    suites,
    canary: canary && {
      suite: withMetric(await suiteOf(canary), canary),
      metric: canary.metric,
      drop: canary.drop,
    },
    within: within && (await suiteOf(within)),
  };
}

async function loadChecks(
  { scenario: { evaluation, interaction }, scenarioPath, take }: Asking,
  personas: readonly string[],
  pack: SituationPack,
): Promise<Resources["checks"]> {
  const situations = pack.situations.map(({ id }) => id);
  const { judge_check: judge } = evaluation;
  const { rater_check: rater } = interaction;
  return {
    judge: judge === undefined ? null : await take(loadJudgeCheck, judge, scenarioPath),
    rater:
      rater === undefined ? null : await take(loadRaterCheck, rater, scenarioPath, { personas, situations }),
  };
}

async function loadDisposition({
  scenario: { evaluation, models },
  take,
  ...origin
}: Asking): Promise<Resources["contrasts"]> {
  const { disposition } = evaluation;
  if (!disposition) return null;
  const field = ["evaluation", "disposition", "contrasts"];
  return await take(loadContrasts, disposition.contrasts, field, models.assistant, origin);
}
