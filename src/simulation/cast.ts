import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { UserError } from "../errors.js";
import {
  findSuite,
  isModelJudge,
  type Judge,
  requireJudgeable,
  resolveJudge,
  type Suite,
  type SuiteKind,
} from "../evaluation/index.js";
import {
  embeddedFolder,
  MAX_CALLS,
  type ModelSpec,
  openTraffic,
  type ResolveOptions,
  releaseModel,
  resolveChatModel,
  type Traffic,
} from "../models/index.js";
import { loadPersonas, type Persona, withBehaviour } from "../population/index.js";
import { type DataSource, type Defence, dataFile, makeDefences, openSource } from "../preference/index.js";
import {
  packFolder,
  personaFile,
  requirePermitted,
  type Scenario,
  scenarioHash,
  shownPath,
} from "../scenario/index.js";
import { loadPack, type SituationPack } from "../situation/index.js";
import { type Trainer, trainers } from "../training/index.js";
import { didYouMean } from "../yaml/index.js";
import { type Canary, openCanary } from "./canary.js";
import { hashInputs } from "./inputs.js";
import { probesFile } from "./probes-file.js";

/** Everything a scenario names, found and loaded. */
export type Cast = {
  scenario: Scenario;
  hash: string;
  personas: Readonly<Record<string, Persona>>;
  pack: SituationPack;
  suites: readonly Suite[];
  judge: Judge;
  /** The frozen models of user and rater. */
  voices: { user: BaseChatModel; rater: BaseChatModel };
  /** The assistant with an adapter, or untrained. */
  assistant: (adapter: string | null) => Promise<BaseChatModel>;
  /** Folder of the assistant's initial checkpoint; empty where a trainer of another kind keeps it. */
  base: string;
  /** Data files in place of users; null where users make the rows. */
  source: DataSource | null;
  /** Stages between conversations and training. */
  defences: readonly Defence[];
  canary: Canary | null;
  trainer: Trainer;
  /** Threads of the embedded engine. */
  threads: number | undefined;
  /** Most conversations or probes at the same time; undefined where every model is embedded and batches them itself. */
  concurrency: number | undefined;
  /** SHA-256 of what the scenario names. */
  inputs: Record<string, string>;
  /** Frees the models' memory. */
  release: () => Promise<void>;
};

export type PrepareOptions = {
  /** The scenario's file: what it names is looked up beside it first. */
  scenarioPath: string;
  /** Threads of the embedded engine. */
  threads?: number;
  /** Models of one's own instead of those the scenario names. */
  resolveModel?: (
    spec: ModelSpec,
    options: ResolveOptions & { adapter: string | null },
  ) => Promise<BaseChatModel>;
  /** Rules and books for models that are not embedded; by default no cache and no budget. */
  traffic?: Traffic;
  /** A trainer of one's own instead of the one the scenario names. */
  trainer?: Trainer;
};

/** Finds and loads what a scenario names. Throws a UserError for the first thing that is missing or broken; writes nothing. */
export async function prepare(scenario: Scenario, options: PrepareOptions): Promise<Cast> {
  const { scenarioPath, threads, resolveModel = resolveChatModel, traffic = openTraffic() } = options;
  requirePermitted(scenario, scenarioPath);
  const open =
    (role: string) =>
    (spec: ModelSpec, adapter: string | null = null) =>
      resolveModel(spec, { adapter, threads, role, traffic });
  const { models, evaluation } = scenario;
  const names = Object.keys(scenario.population.personas);
  const openers = Object.fromEntries(
    await Promise.all(
      Object.entries(evaluation.suites).map(async ([name, { module }]): Promise<[string, SuiteKind]> => {
        const path = module === undefined ? undefined : resolve(dirname(scenarioPath), module);
        return [name, await findSuite(name, path, `${shownPath(scenarioPath)} evaluation.suites`)];
      }),
    ),
  );
  const files = Object.fromEntries(
    Object.keys(openers).map((name) => [name, probesFile(name, scenario, scenarioPath)]),
  );
  const prompts = promptsFile(scenario, scenarioPath);
  const cast = {
    scenario,
    hash: scenarioHash(scenario),
    personas: withBehaviour(loadPersonas(names, scenarioPath), scenario.population.behaviour),
    pack: loadPack(scenario.situations, scenarioPath, { prompts: prompts?.path }),
    suites: Object.entries(openers).map(([name, kind]) =>
      kind.open({ file: files[name]!, ...suiteSettings(name, scenario) }),
    ),
    canary: openCanary(scenario, scenarioPath),
    source: sourceOf(scenario, scenarioPath),
    trainer: options.trainer ?? findTrainer(scenario, scenarioPath),
    threads,
    base: await baseFolder(scenario, options),
    concurrency: concurrencyOf(Object.values(models)),
  };
  const judge = await resolveJudge(models.judge, open("judge"));
  const voices = {
    user: await open("user")(models.user),
    rater: await open("rater")(models.rater),
  };
  const { temperature, max_tokens, reward } = scenario.interaction;
  const judges: BaseChatModel[] = [];
  const defences = await makeDefences(scenario.preference.defences, {
    scenarioPath,
    pack: cast.pack,
    personas: cast.personas,
    rater: voices.rater,
    interaction: { temperature, maxTokens: max_tokens, reward },
    resolveModel: async (spec) => {
      const model = await open("defence")(spec);
      judges.push(model);
      return model;
    },
  });
  const assistant = lastOnly((adapter) => open("assistant")(models.assistant, adapter));
  await assistant.with(null);
  // After the models: which probes are the default follows from the assistant, so its own mistakes are named first.
  for (const suite of [...cast.suites, ...(cast.canary ? [cast.canary.suite] : [])])
    requireJudgeable(suite, judge, `${shownPath(scenarioPath)} models.judge`);
  return {
    ...cast,
    judge,
    defences,
    voices,
    assistant: assistant.with,
    inputs: await hashInputs({
      situations: packFolder(scenario.situations, scenarioPath)!,
      ...(prompts ? { [prompts.name]: prompts.path } : {}),
      ...Object.fromEntries(names.map((name) => [`persona ${name}`, personaFile(name, scenarioPath)!])),
      ...Object.fromEntries(Object.entries(files).map(([name, file]) => [`probes of ${name}`, file])),
      ...suiteModules(scenario, scenarioPath),
      ...defenceInputs(scenario, scenarioPath),
      ...Object.fromEntries(
        Object.entries(cast.source?.files ?? {}).map(([name, path]) => [`data ${name}`, path]),
      ),
      ...(options.resolveModel ? {} : await modelInputs(models)),
    }),
    release: async () => {
      await Promise.all([
        releaseModel(voices.user),
        releaseModel(voices.rater),
        assistant.release(),
        judge.release?.(),
        ...judges.map(releaseModel),
        ...defences.map((defence) => defence.release?.()),
      ]);
    },
  };
}

/** The file of prompts that a scenario names, under the name by which a run knows it. */
function promptsFile({ prompts }: Scenario, scenarioPath: string): { name: string; path: string } | null {
  if (prompts === undefined) return null;
  return { name: `prompts ${prompts}`, path: shownPath(resolve(dirname(scenarioPath), prompts)) };
}

/** The checkpoint that the assistant starts from. Throws a UserError if the embedded trainer cannot train it. */
async function baseFolder({ models, training }: Scenario, options: PrepareOptions): Promise<string> {
  if (options.resolveModel) return "";
  const folder = await embeddedFolder(models.assistant);
  const where = `${shownPath(options.scenarioPath)} models.assistant: ${modelName(models.assistant)}`;
  if (folder === null && training.trainer === "embedded" && !options.trainer) {
    throw new UserError(
      `${where} cannot be trained by the embedded trainer; use minnow or hf:<folder>, or another training.trainer`,
    );
  }
  if (folder !== null && existsSync(join(folder, "adapter_config.json"))) {
    throw new UserError(
      `${where} is an adapter; name the checkpoint it belongs to, which rounds can put adapters on`,
    );
  }
  if (training.trainer !== "embedded" && !options.trainer)
    return externalBase(where, folder, { models, training });
  return folder ?? "";
}

/** What a trainer outside this process starts from. Throws a UserError if nothing says so, or its adapters lead nowhere. */
function externalBase(
  where: string,
  folder: string | null,
  { models, training }: Pick<Scenario, "models" | "training">,
): string {
  const { assistant } = models;
  const takesAdapters = folder !== null || modelName(assistant).startsWith("module:");
  if (!takesAdapters && (typeof assistant === "string" || assistant.adapters === undefined))
    throw new UserError(
      `${where}: its server must get each round's adapter: add adapters: vllm, or a command with {adapter}`,
    );
  const base = training.external?.model ?? folder;
  if (base === null)
    throw new UserError(
      `${where}: say what ${training.trainer} is to start from: training.external.model, a folder or a name it knows`,
    );
  return existsSync(base) ? resolve(base) : base;
}

function sourceOf({ source, training, seed }: Scenario, scenarioPath: string): DataSource | null {
  if (source === "interaction") return null;
  return openSource(source, { scenarioPath, method: training.method, seed: String(seed) });
}

function suiteSettings(name: string, { evaluation }: Scenario) {
  const { probes, subsets, temperature, max_tokens } = evaluation.suites[name]!;
  return {
    probes,
    subsets,
    temperature: temperature ?? evaluation.temperature,
    maxTokens: max_tokens ?? evaluation.max_tokens,
  };
}

function findTrainer({ training }: Scenario, scenarioPath: string): Trainer {
  const trainer = own(trainers, training.trainer);
  if (trainer) return trainer;
  throw new UserError(
    `${shownPath(scenarioPath)} training.trainer: unknown trainer "${training.trainer}"${didYouMean(training.trainer, Object.keys(trainers))}`,
  );
}

/** A registry's entry; a name such as `constructor` is none. */
function own<T>(registry: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(registry, name) ? registry[name] : undefined;
}

/** The modules that suites name. */
function suiteModules({ evaluation }: Scenario, scenarioPath: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(evaluation.suites).flatMap(([name, { module }]): [string, string][] =>
      module === undefined ? [] : [[`module of ${name}`, resolve(dirname(scenarioPath), module)]],
    ),
  );
}

/** The files that defences name. */
function defenceInputs({ preference }: Scenario, scenarioPath: string): Record<string, string> {
  return Object.fromEntries(
    preference.defences.flatMap((defence): [string, string][] => {
      if (defence.kind === "replay")
        return [[`replay ${defence.file}`, dataFile(defence.file, scenarioPath)]];
      if (defence.kind === "module")
        return [[`module ${defence.path}`, dataFile(defence.path, scenarioPath)]];
      return [];
    }),
  );
}

async function modelInputs(models: Scenario["models"]): Promise<Record<string, string>> {
  const inputs: Record<string, string> = {};
  for (const role of ["assistant", "user", "rater", "judge"] as const) {
    if (role === "judge" && !isModelJudge(models.judge)) continue;
    const folder = await embeddedFolder(models[role]);
    if (folder !== null) inputs[`model ${modelName(models[role])}`] = folder;
  }
  return inputs;
}

function modelName(spec: ModelSpec): string {
  return typeof spec === "string" ? spec : spec.model;
}

/**
 * Twice what the servers take at once, so that none waits for work, and yet the first conversations end long before the
 * last begin. How much each server gets is the traffic's business.
 */
function concurrencyOf(specs: readonly ModelSpec[]): number | undefined {
  const limits = new Map<string, number>();
  for (const spec of specs) {
    if (typeof spec === "string" || spec.base_url === undefined) continue;
    limits.set(`${spec.base_url} ${spec.model}`, spec.max_concurrency ?? MAX_CALLS);
  }
  return limits.size === 0 ? undefined : 2 * [...limits.values()].reduce((sum, limit) => sum + limit, 0);
}

/** Remembers the last model, which one round's evaluation and the next one's talks share, and frees the one before. */
function lastOnly(load: (adapter: string | null) => Promise<BaseChatModel>) {
  let last: { adapter: string | null; model: BaseChatModel } | undefined;
  const release = async (): Promise<void> => {
    if (last) await releaseModel(last.model);
    last = undefined;
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
