import { UserError } from "../errors.js";
import { Owner } from "../owner.js";
import { NOTHING, type Permissions } from "../permissions/index.js";
import {
  amend,
  type Candidate,
  type ContextOf,
  type Defence,
  type DefenceContext,
  type LogPreview,
  type LogSummary,
  type Logs,
  logSummary,
  makeDefences,
  previewOf,
  type SelectedRound,
  screen,
} from "../preference/index.js";
import { stageName, stageOf } from "../preference/stages/index.js";
import { loadResources, type Resources } from "../resources/index.js";
import { type LoadedScenario, requirePermitted, type Scenario, stageJudge } from "../scenario/index.js";
import { shownPath } from "../shown-path.js";
import { selectRows, stageSeed, talksOfLogs } from "./selection.js";

/**
 * What a run on logs would learn, of every round, before any model is asked. Stages that ask a model are passed over; they are
 * named in `skipped`. Throws a UserError where the scenario has no logs or they cannot be read.
 */
export async function previewLogs(
  { scenario, path }: Pick<LoadedScenario, "scenario" | "path">,
  permissions: Permissions = NOTHING,
): Promise<LogPreview & { skipped: string[] }> {
  const { source } = scenario;
  if (typeof source === "string" || source.kind !== "logs")
    throw new UserError(
      `${shownPath(path)} source: candor data looks at real feedback before a run (kind: logs); for the rows that a run selected, name the run's folder`,
    );
  requirePermitted(scenario, path, permissions);
  const resources = await loadResources(scenario, { scenarioPath: path, permissions, ownModels: true });
  return await preview(scenario, resources, resources.logs!, asksModel);
}

/** What a run on logs says of them before anything else. Nothing of a run that has none. */
export async function logsOf(scenario: Scenario, resources: Resources): Promise<{ logs?: LogSummary }> {
  if (!resources.logs) return {};
  return { logs: logSummary(await preview(scenario, resources, resources.logs, waits)) };
}

/** What every round of a run on logs learns from; null where that is not known before a model is asked. */
export async function knownRounds(scenario: Scenario, resources: Learnt): Promise<SelectedRound[] | null> {
  if (scenario.preference.defences.some(waits)) return null;
  return await selectRounds(scenario, resources);
}

type Stage = Scenario["preference"]["defences"][number];

/** What selection works with. */
type Learnt = Pick<Resources, "pack" | "personas" | "logs" | "stages">;

/** Code of the user's may ask a model too, and it is called once a round as it is. */
const waits = (one: Stage): boolean => asksModel(one) || stageOf(one.kind).tryOut !== undefined;

const asksModel = (one: Stage): boolean => stageJudge(one) !== null || stageOf(one.kind).hidden === true;

async function preview(
  scenario: Scenario,
  resources: Resources,
  logs: Logs,
  passed: (one: Stage) => boolean,
): Promise<LogPreview & { skipped: string[] }> {
  const { defences: settings } = scenario.preference;
  const kept = settings.filter((one) => !passed(one));
  const selected = await selectRounds(
    { ...scenario, preference: { ...scenario.preference, defences: kept } },
    {
      ...resources,
      stages: resources.stages.filter((_, at) => kept.includes(settings[at]!)),
    },
  );
  return { ...previewOf(logs, selected), skipped: settings.filter(passed).map(stageName) };
}

async function selectRounds(scenario: Scenario, resources: Learnt): Promise<SelectedRound[]> {
  const { rounds, preference, interaction } = scenario;
  const { pack, personas, logs, stages } = resources;
  const defences = await makeDefences(preference.defences, {
    files: stages,
    pack,
    personas,
    rater: null,
    interaction: {
      temperature: interaction.temperature,
      maxTokens: interaction.max_tokens,
      reward: interaction.reward,
    },
    projector: async () => {
      throw new Error("a preview looks into no model");
    },
    resolveModel: async () => {
      throw new Error("a preview asks no model");
    },
  });
  await using owner = new Owner();
  for (const defence of defences) owner.own(defence, () => defence.release?.());
  const taught: Candidate[] = [];
  const selected: SelectedRound[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const contextOf = contextIn(scenario, round, defences, taught);
    const talks = talksOfLogs(scenario, pack, logs!, round);
    const { candidates } = await screen(defences, talks, contextOf);
    const { rows } = selectRows(scenario, pack, candidates, round);
    const { data } = await amend(defences, rows, contextOf);
    const sources = new Set(data.rows.map((row) => row.source.interaction));
    taught.push(...talks.filter(({ id }) => sources.has(id)));
    selected.push({ round, talks, screened: candidates.length, rows: data.rows });
  }
  return selected;
}

function contextIn(
  scenario: Scenario,
  round: number,
  defences: readonly Defence[],
  taught: readonly Candidate[],
): ContextOf {
  return (index): DefenceContext => ({
    runSeed: scenario.seed,
    round,
    method: scenario.training.method,
    source: "talks",
    seed: stageSeed(scenario.seed, round, defences, index),
    users: new Map(),
    taught: async () => taught,
    concurrency: undefined,
    keep: async (_schema, _key, make) => await make(new Map(), async () => {}),
  });
}
