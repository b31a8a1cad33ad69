import type { Contrast } from "../disposition/index.js";
import { UserError } from "../errors.js";
import { isModelJudge, type LabelledStatement, otherJudges, type Suite } from "../evaluation/index.js";
import type { RatedPair } from "../interaction/index.js";
import { modelName, requireModelName } from "../models/index.js";
import type { Permissions } from "../permissions/index.js";
import { meanBiasedFraction, type Persona, withBehaviour } from "../population/index.js";
import {
  type LogSettings,
  type Logs,
  type SourceRows,
  type SourceSettings,
  type StageFiles,
  studiedShare,
} from "../preference/index.js";
import { misplacedDefences, rolesAsked, type Scenario, shownPath, sourceKind } from "../scenario/index.js";
import type { SituationPack } from "../situation/index.js";
import { canaryOf, suitesOf, withinOf, withMetric } from "./asked-suites.js";
import { refuseForeignQuestions } from "./asked-users.js";
import { type LocalModel, loadModelFiles, loadTrainerBase } from "./checkpoints.js";
import { loadJudgeCheck, loadRaterCheck } from "./checks.js";
import { loadContrasts } from "./contrasts.js";
import { loadLogs, loadNeutral, loadSource, type NeutralRows } from "./data.js";
import { gather } from "./gather.js";
import { refuseIdleStages } from "./idle.js";
import { type Load, loadAnew } from "./load.js";
import { loadPack } from "./pack.js";
import { loadPersonas } from "./personas.js";
import { loadSuite } from "./probes.js";
import { loadStages } from "./stages.js";

/** Everything that a scenario names, found and read; no model is open yet. */
export type Resources = {
  personas: Readonly<Record<string, Persona>>;
  pack: SituationPack;
  suites: readonly Suite[];
  /** The probes that decide whether a checkpoint is taken over, with what of them counts; null where none do. */
  canary: { suite: Suite; metric: string; drop: number } | null;
  /** What is put to the model within a round; null where nothing is. */
  within: Suite | null;
  /** Rows in place of users; null where users make them. */
  source: SourceRows | null;
  /** Feedback of real users in their place; null where a scenario has none. */
  logs: Logs | null;
  /** What judge and rater are checked on before anything is spent; null where nothing says. */
  checks: { judge: LabelledStatement[] | null; rater: RatedPair[] | null };
  /** What defences name. */
  stages: StageFiles;
  /** Where the models of the roles lie on this machine; null for those that do not, are somebody's own, or are not asked. */
  local: Readonly<Record<"assistant" | "user" | "rater", LocalModel>>;
  /** Rows on which training holds the model to the untrained one; null where nothing holds it. */
  neutral: NeutralRows | null;
  /** Occasions that part an obliging from a candid assistant, for a look inside; null where nobody looks. */
  contrasts: readonly Contrast[] | null;
  /** Rows that are imitated beside those that users taught; null where none are. */
  safe: NeutralRows | null;
  /** The contrasts by which the model is moved while it learns; null where nothing does. */
  steering: readonly Contrast[] | null;
  /** What a trainer outside this process starts from; null where the scenario does not say. */
  trainerBase: string | null;
  /** Share of biased users, or of the rows that the experiment is about, that the scenario asks for; in [0, 1]. */
  biased: number;
  /** SHA-256 of all of it, by name. */
  inputs: Record<string, string>;
};

export type ResourceOptions = {
  /** The scenario's file: what it names is looked up beside it first. */
  scenarioPath: string;
  /** What the user lets it do. */
  permissions: Permissions;
  /** Whether its models are somebody's own and not those that it names. */
  ownModels?: boolean;
  /** How loaders are called; each time anew if absent. */
  load?: Load;
};

/** Loads what a scenario names. Throws a UserError for the first thing that is missing or broken; writes nothing. */
export async function loadResources(
  scenario: Scenario,
  { scenarioPath, permissions, ownModels = false, load = loadAnew }: ResourceOptions,
): Promise<Resources> {
  // A scenario need not come from a file, where its rules are checked.
  const [misplaced] = misplacedDefences(scenario);
  if (misplaced)
    throw new UserError(
      `${shownPath(scenarioPath)} preference.defences[${misplaced.index}]: ${misplaced.message}`,
    );
  const { take, inputs } = gather();
  const { population, models, source, training, preference, evaluation, interaction } = scenario;
  const suites: Suite[] = [];
  for (const one of await suitesOf(scenario, { scenarioPath, permissions }))
    suites.push(take(await load(loadSuite, one.request, one.where, permissions)));
  const names = Object.keys(population.personas);
  const personas = take(await load(loadPersonas, names, scenarioPath));
  const pack = take(await load(loadPack, scenario.situations, scenarioPath, { prompts: scenario.prompts }));
  refuseForeignQuestions(scenario, pack, scenarioPath);
  const canary = await canaryOf(scenario, { scenarioPath, permissions });
  const within = await withinOf(scenario, { scenarioPath, permissions });
  const loaded = {
    personas: withBehaviour(personas, population.behaviour),
    pack,
    suites,
    canary: canary && {
      suite: withMetric(take(await load(loadSuite, canary.request, canary.where, permissions)), canary),
      metric: canary.metric,
      drop: canary.drop,
    },
    within: within && take(await load(loadSuite, within.request, within.where, permissions)),
    logs: isLogs(source) ? take(await load(loadLogs, logFiles(source), scenarioPath)) : null,
    source:
      source === "interaction" || isLogs(source)
        ? null
        : take(await load(loadSource, sourceFiles(source), { scenarioPath, method: training.method })),
    checks: {
      judge:
        evaluation.judge_check === undefined
          ? null
          : take(await load(loadJudgeCheck, evaluation.judge_check, scenarioPath)),
      rater:
        interaction.rater_check === undefined
          ? null
          : take(
              await load(loadRaterCheck, interaction.rater_check, scenarioPath, {
                personas: names,
                situations: pack.situations.map(({ id }) => id),
              }),
            ),
    },
    biased:
      source === "interaction"
        ? meanBiasedFraction(population.personas, personas, scenario.rounds)
        : studiedShare(source),
    stages: take(
      await load(loadStages, preference.defences, {
        scenarioPath,
        judges: !ownModels,
        permissions,
        assistant: models.assistant,
      }),
    ),
    neutral: training.kl ? take(await load(loadNeutral, training.kl.data, scenarioPath)) : null,
    contrasts: evaluation.disposition
      ? take(
          await load(
            loadContrasts,
            evaluation.disposition.contrasts,
            "evaluation.disposition.contrasts",
            models.assistant,
            { scenarioPath, permissions },
          ),
        )
      : null,
    safe: training.interleave
      ? take(await load(loadNeutral, training.interleave.data, scenarioPath, "training.interleave.data"))
      : null,
    steering: training.steer
      ? take(
          await load(loadContrasts, training.steer.contrasts, "training.steer.contrasts", models.assistant, {
            scenarioPath,
            permissions,
          }),
        )
      : null,
    trainerBase:
      training.external?.model === undefined
        ? null
        : take(await load(loadTrainerBase, training.external.model)),
  };
  refuseIdleStages(scenario, loaded, scenarioPath);
  if (ownModels) return { ...loaded, local: { assistant: null, user: null, rater: null }, inputs: inputs() };
  const asked = rolesAsked(scenario);
  const filesOf = async (role: keyof Scenario["models"]): Promise<LocalModel> => {
    try {
      if (!asked.includes(role)) {
        // A model that nobody asks need not be there, but what is no model's name is a mistake all the same.
        requireModelName(models[role]);
        return null;
      }
      return take(await load(loadModelFiles, models[role], permissions));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const others = role === "judge" ? otherJudges(modelName(models.judge)) : "";
      throw new UserError(`${shownPath(scenarioPath)} models.${role}: ${error.message}${others}`);
    }
  };
  const local = {
    assistant: await filesOf("assistant"),
    user: await filesOf("user"),
    rater: await filesOf("rater"),
  };
  if (isModelJudge(models.judge)) await filesOf("judge");
  if (local.assistant?.adapter) refuseAdapter(scenario, scenarioPath);
  return { ...loaded, local, inputs: inputs() };
}

type Source = Scenario["source"];

const isLogs = (source: Source): source is LogSettings => sourceKind(source).name === "logs";

/** How many of them a round takes changes nothing in what is read. */
function logFiles({ per_round: _perRound, ...files }: LogSettings): LogSettings {
  return files;
}

/** How many rows a round takes of the files, and which share, changes nothing in what is read. */
function sourceFiles(source: SourceSettings): typeof source {
  const { rows: _rows, ...files } = source;
  return files.kind === "mixture" ? { ...files, share: 0 } : files;
}

/** The assistant is given adapters, so it must not be one. */
function refuseAdapter({ models }: Scenario, scenarioPath: string): never {
  const name = typeof models.assistant === "string" ? models.assistant : models.assistant.model;
  throw new UserError(
    `${shownPath(scenarioPath)} models.assistant: ${name} is an adapter; name the checkpoint it belongs to, which rounds can put adapters on`,
  );
}
