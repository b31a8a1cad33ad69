import { dirname, resolve } from "node:path";
import { UserError } from "../errors.js";
import {
  isModelJudge,
  type LabelledStatement,
  type Suite,
  type SuiteSettings,
  suiteNamed,
} from "../evaluation/index.js";
import type { RatedPair } from "../interaction/index.js";
import type { Permissions } from "../permissions/index.js";
import { meanBiasedFraction, type Persona, withBehaviour } from "../population/index.js";
import {
  contextProblems,
  type LogSettings,
  type Logs,
  type SourceRows,
  type SourceSettings,
  type StageFiles,
  studiedShare,
} from "../preference/index.js";
import {
  type DefenceSettings,
  misplacedDefences,
  ownSuiteFields,
  rolesAsked,
  type Scenario,
  shownPath,
  sourceKind,
} from "../scenario/index.js";
import type { SituationPack } from "../situation/index.js";
import { type LocalModel, loadModelFiles, loadTrainerBase } from "./checkpoints.js";
import { loadJudgeCheck, loadRaterCheck } from "./checks.js";
import { loadLogs, loadNeutral, loadSource, type NeutralRows } from "./data.js";
import { gather } from "./gather.js";
import { type Load, loadAnew } from "./load.js";
import { loadPack } from "./pack.js";
import { loadPersonas } from "./personas.js";
import { stagePlace } from "./place.js";
import { loadSuite, probesFile, type SuiteRequest } from "./probes.js";
import { loadStages } from "./stages.js";

/** Everything that a scenario names, found and read; no model is open yet. */
export type Resources = {
  personas: Readonly<Record<string, Persona>>;
  pack: SituationPack;
  suites: readonly Suite[];
  /** The probes that decide whether a checkpoint is taken over, with what of them counts; null where none do. */
  canary: { suite: Suite; metric: string; drop: number } | null;
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
  const canary = await canaryOf(scenario, { scenarioPath, permissions });
  const loaded = {
    personas: withBehaviour(personas, population.behaviour),
    pack,
    suites,
    canary: canary && {
      suite: take(await load(loadSuite, canary.request, canary.where, permissions)),
      metric: canary.metric,
      drop: canary.drop,
    },
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
      await load(loadStages, preference.defences, { scenarioPath, judges: !ownModels, permissions }),
    ),
    neutral: training.kl ? take(await load(loadNeutral, training.kl.data, scenarioPath)) : null,
    trainerBase:
      training.external?.model === undefined
        ? null
        : take(await load(loadTrainerBase, training.external.model)),
  };
  refuseIdleStages(scenario, loaded, scenarioPath);
  if (ownModels) return { ...loaded, local: { assistant: null, user: null, rater: null }, inputs: inputs() };
  const asked = rolesAsked(scenario);
  const filesOf = async (role: keyof Scenario["models"]): Promise<LocalModel> => {
    if (!asked.includes(role)) return null;
    try {
      return take(await load(loadModelFiles, models[role], permissions));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const others = role === "judge" ? "; or rule or likelihood, which need no model" : "";
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

/** Throws a UserError for the first stage on training context that would change nothing. */
function refuseIdleStages(
  { preference: { defences } }: Scenario,
  { pack, source, logs }: Pick<Resources, "pack" | "source" | "logs">,
  scenarioPath: string,
): void {
  const rows = source
    ? [...source.data.rows, ...(source.added?.rows ?? [])]
    : logs?.replies.map(({ messages, where }) => ({
        prompt: messages.slice(0, -1),
        source: { interaction: where, exchange: 0 },
      }));
  const [idle] = contextProblems(defences, rows ? { from: "files", rows } : { from: "pack", pack });
  if (idle) throw new UserError(`${stagePlace(scenarioPath, defences, idle)}: ${idle.message}`);
}

type Origin = Pick<ResourceOptions, "scenarioPath" | "permissions">;

/** What a suite alone knows of its settings. */
function optionsOf(entry: Scenario["evaluation"]["suites"][string] | undefined): SuiteSettings["options"] {
  if (entry === undefined) return undefined;
  return entry.module === undefined ? ownSuiteFields(entry) : entry.options;
}

/** A suite that the scenario asks for, and the field that does. */
type Asked = { request: SuiteRequest; where: string };

async function suitesOf(scenario: Scenario, origin: Origin): Promise<Asked[]> {
  const { evaluation } = scenario;
  const where = `${shownPath(origin.scenarioPath)} evaluation.suites`;
  const suites = Object.entries(evaluation.suites).map(async ([name, entry]) => {
    const { probes, subsets, split, temperature, max_tokens } = entry;
    const settings = {
      probes,
      subsets,
      split,
      options: optionsOf(entry),
      temperature: temperature ?? evaluation.temperature,
      maxTokens: max_tokens ?? evaluation.max_tokens,
    };
    return await asked(name, settings, scenario, { ...origin, where });
  });
  return await Promise.all(suites);
}

async function asked(
  name: string,
  settings: Omit<SuiteSettings, "file">,
  scenario: Scenario,
  { scenarioPath, permissions, where }: Origin & { where: string },
): Promise<Asked> {
  const own = scenario.evaluation.suites[name]?.module;
  // A slip in the name, not the missing probes that follow from it.
  if (own === undefined) suiteNamed(name, `${where}: `);
  const module = own === undefined ? undefined : resolve(dirname(scenarioPath), own);
  const file = await probesFile(name, scenario, { scenarioPath, permissions });
  return { request: { name, module, settings: { ...settings, file } }, where };
}

type EarlyStop = Extract<DefenceSettings, { kind: "early_stop" }>;

async function canaryOf(
  scenario: Scenario,
  origin: Origin,
): Promise<(Asked & Pick<EarlyStop, "metric" | "drop">) | null> {
  const found = scenario.preference.defences.find((one): one is EarlyStop => one.kind === "early_stop");
  if (!found) return null;
  const { suite, subsets, probes, metric, drop } = found;
  const { temperature, max_tokens } = scenario.evaluation;
  const where = `${shownPath(origin.scenarioPath)} preference.defences: early_stop`;
  // Measured as the evaluation measures that suite, where it does.
  const options = optionsOf(scenario.evaluation.suites[suite]);
  const settings = { subsets, probes, options, temperature, maxTokens: max_tokens };
  return { ...(await asked(suite, settings, scenario, { ...origin, where })), metric, drop };
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
