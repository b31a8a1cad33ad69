import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { UserError } from "../errors.js";
import { requireJudgeable } from "../evaluation/index.js";
import {
  type ModelSpec,
  openTraffic,
  type ResolveOptions,
  releaseModel,
  resolveChatModel,
  type Traffic,
} from "../models/index.js";
import type { Owner } from "../owner.js";
import { NOTHING, type Permissions } from "../permissions/index.js";
import {
  type DataSource,
  type Defence,
  type DefenceTools,
  makeDefences,
  openSource,
} from "../preference/index.js";
import type { Gpus } from "../program/index.js";
import { loadAnew, loadResources, type Resources } from "../resources/index.js";
import {
  modelField,
  ofField,
  ofFieldNow,
  refusal,
  requirePermitted,
  rolesAsked,
  type Scenario,
  scenarioHash,
  sourceKind,
  stageField,
} from "../scenario/index.js";
import { type Trainer, trainers } from "../training/index.js";
import { didYouMean } from "../yaml/index.js";
import { baseCheckpoint } from "./base.js";
import { requireFit } from "./fit.js";
import { requireInside } from "./fit-inside.js";
import { refuseKnownOverlaps } from "./known-overlap.js";
import { concurrencyOf, type OpenModel, openModels, type RunModels } from "./models.js";
import { probedBy } from "./probed.js";
import { projectorOf } from "./projector.js";

export type SetUpOptions = {
  /** The scenario's file: what it names is looked up beside it first. */
  scenarioPath: string;
  /** What the user lets the scenario do that a stranger's may not; nothing if absent. */
  permissions?: Permissions;
  /** Threads of the embedded engine. */
  threads?: number;
  /** The cards of this machine that trainers outside this process are placed on. */
  gpus?: Gpus;
  /** Models of one's own instead of those the scenario names. */
  resolveModel?: (
    spec: ModelSpec,
    options: ResolveOptions & { adapter: string | null },
  ) => Promise<BaseChatModel>;
  /** Rules and usage log for models that are not embedded; by default no cache and no budget. */
  traffic?: Traffic;
  /** A trainer of one's own instead of the one the scenario names. */
  trainer?: Trainer;
};

/** What a run works with: the scenario, what it names (read), and its models (open). */
export type Setup = {
  scenario: Scenario;
  hash: string;
  resources: Resources;
  models: RunModels;
  /** Stages between conversations and training. */
  defences: readonly Defence[];
  /** Data files in place of users; null where users make the rows. */
  source: DataSource | null;
  trainer: Trainer;
  /** What training starts from; empty where a trainer of one's own keeps it. */
  base: string;
  /** What the user lets the scenario do. */
  permissions: Permissions;
  /** Threads of the embedded engine. */
  threads: number | undefined;
  gpus: Gpus | undefined;
  /** Most conversations or probes at the same time; all at once if undefined. */
  concurrency: number | undefined;
};

/**
 * Finds, reads and opens what a scenario names; `owner` closes it again, whatever is thrown here or later. Throws a UserError
 * for the first thing that is missing, broken or does not fit the others; writes nothing.
 */
export async function setUp(scenario: Scenario, options: SetUpOptions, owner: Owner): Promise<Setup> {
  const { scenarioPath, threads, resolveModel = resolveChatModel, traffic = openTraffic() } = options;
  const { permissions = NOTHING } = options;
  requirePermitted(scenario, scenarioPath, permissions);
  const trainer = options.trainer ?? trainerNamed(scenario, scenarioPath);
  const ownModels = options.resolveModel !== undefined;
  const resources = await loadResources(scenario, { scenarioPath, permissions, ownModels });
  // Whoever brings models or a trainer of their own knows what to train.
  const base =
    ownModels || options.trainer
      ? (resources.local.assistant?.checkpoint ?? "")
      : await baseCheckpoint(scenario, resources, { scenarioPath, permissions });
  if (!ownModels) {
    await requireFit(scenario, resources, { scenarioPath, permissions, load: loadAnew });
    await requireInside(scenario, resources, { scenarioPath, load: loadAnew });
  }
  await refuseKnownOverlaps(scenario, resources, scenarioPath);
  const open: OpenModel = (role, spec, adapter) =>
    resolveModel(spec, { adapter, threads, role, traffic, permissions });
  const models = await openModels(scenario, open, { scenarioPath, permissions, owner });
  // After the models: which probes are the default follows from the assistant, so its own mistakes are named first.
  for (const suite of probedBy(resources))
    ofFieldNow(modelField(scenarioPath, "judge", scenario.models.judge), () =>
      requireJudgeable(suite, models.judge),
    );
  const defences = await openDefences(scenario, resources, models, { open, owner, scenarioPath });
  return {
    scenario,
    hash: scenarioHash(scenario),
    resources,
    models,
    defences,
    source: sourceOf(scenario, resources),
    trainer,
    base,
    permissions,
    threads,
    gpus: options.gpus,
    concurrency: concurrencyOf(rolesAsked(scenario).map((role) => scenario.models[role])),
  };
}

async function openDefences(
  { preference, interaction, source, models }: Scenario,
  { stages, pack, personas }: Resources,
  { rater }: RunModels,
  { open, owner, scenarioPath }: { open: OpenModel; owner: Owner; scenarioPath: string },
): Promise<Defence[]> {
  const { temperature, max_tokens, reward } = interaction;
  const tools: DefenceTools = {
    files: stages,
    pack,
    personas,
    rater,
    interaction: { temperature, maxTokens: max_tokens, reward },
    projector: projectorOf(async () =>
      owner.own(await open("defence", models.assistant, null), releaseModel),
    ),
    resolveModel: async (spec) => owner.own(await open("defence", spec, null), releaseModel),
  };
  const at = <T>(index: number, make: () => Promise<T>) =>
    ofField(stageField(scenarioPath, index, preference.defences[index]!), make);
  const defences = await makeDefences(preference.defences, tools, at);
  for (const defence of defences) owner.own(defence, () => defence.release?.());
  ofFieldNow({ scenarioPath, field: ["preference", "defences"] }, () => {
    for (const defence of defences) requireAction(defence, source);
  });
  return defences;
}

/** Throws a UserError if a stage only looks at conversations where there are none: it would defend nothing. */
export function requireAction({ kind, amend }: Defence, source: Scenario["source"]): void {
  const { name, rated } = sourceKind(source);
  if (rated || amend) return;
  throw new UserError(
    `${kind} screens conversations, and with source: ${name} there are none; give it an amend(data, context) for rows, or leave it out`,
  );
}

function sourceOf({ source, training, seed }: Scenario, resources: Resources): DataSource | null {
  if (source === "interaction" || source.kind === "logs" || resources.source === null) return null;
  return openSource(source, resources.source, { method: training.method, seed: String(seed) });
}

/** The trainer that a scenario names. Throws a UserError on a name that is none. */
export function trainerNamed({ training }: Scenario, scenarioPath: string): Trainer {
  const { trainer: name } = training;
  // A name such as `constructor` is none.
  const trainer = Object.hasOwn(trainers, name) ? trainers[name] : undefined;
  if (trainer) return trainer;
  throw refusal(
    { scenarioPath, field: ["training", "trainer"], value: name },
    `unknown trainer "${name}"${didYouMean(name, Object.keys(trainers))}`,
  );
}
