import { isModelJudge, resolveJudge } from "../evaluation/index.js";
import type { Mistake } from "../mistakes.js";
import { isEmbedded, type ModelSpec, modelName } from "../models/index.js";
import type { Permissions } from "../permissions/index.js";
import { fewProbesOf, isOwn, isShippedPack, languageOf, MINNOW, type Resources } from "../resources/index.js";
import { packFolder, type Scenario } from "../scenario/index.js";
import { repliesIn, repliesToPack, resultsOf, SHOWN, strangePrompts, withModel } from "./replies.js";
import { refuseAllFailed } from "./try-suite.js";
import type { CheckContext, Reply } from "./types.js";

/** A cell of the grid with all that it names. */
export type Tried = { scenario: Scenario; resources: Resources };

type Origin = { scenarioPath: string; permissions: Permissions };

type Told = { says: string[]; warnings: Mistake[]; replies: Reply[] };

/** Packs and suites that are put to the assistant; a grid may have many, and each takes a second. */
const MOST = 3;

/**
 * What the assistant replies to a few openings and probes of the parts that are somebody's own. The embedded one is asked; another may
 * cost money, and is asked where the user says so. What ships was looked at already.
 */
export async function repliesToScenario(
  cells: readonly Tried[],
  origin: Origin,
  { tryModels, ...context }: CheckContext,
): Promise<Told> {
  const told: Told = { says: [], warnings: [], replies: [] };
  for (const { scenario, resources } of (await distinct(cells, context.permissions)).slice(0, MOST)) {
    context.signal?.throwIfAborted();
    const { assistant } = scenario.models;
    const isMinnow = await isEmbeddedMinnow(assistant, context.permissions);
    if (!isMinnow && !tryModels) {
      told.says.push(
        `${modelName(assistant)} was asked nothing: --try shows what it replies to a few openings and probes (a server may charge for them)`,
      );
      continue;
    }
    const asksPack =
      scenario.source === "interaction" && (!isMinnow || isOwnPack(scenario, origin.scenarioPath));
    const asksSuites = resources.suites.some((suite) => !isMinnow || isOwn(suite));
    if (!asksPack && !asksSuites) continue;
    await withModel(assistant, context, async (asked) => {
      const { temperature, max_tokens: maxTokens } = scenario.interaction;
      if (asksPack)
        told.replies.push(...(await repliesToPack(resources.pack, asked, { temperature, maxTokens })));
      if (!asksSuites) return;
      const assistantName = modelName(assistant);
      for (const suite of await fewProbesOf(scenario, origin, SHOWN)) {
        if (isMinnow && !isOwn(suite)) continue;
        // Its own code may fail. A judge that is a model costs, and a suite may need it.
        const isModule = scenario.evaluation.suites[suite.name]?.module !== undefined;
        const judged = isModule && !isModelJudge(scenario.models.judge);
        const judge = judged ? await resolveJudge(scenario.models.judge) : undefined;
        const results = await resultsOf(suite, asked, judge);
        if (judged) refuseAllFailed(suite, results, origin.scenarioPath, assistantName);
        told.replies.push(...repliesIn(results, suite.name, asked));
        if (isMinnow) told.warnings.push(...strangePrompts(results, suite));
      }
    });
  }
  return { ...told, says: [...new Set(told.says)] };
}

/** Of cells that put the same to the same model the first. Each seed may have a minnow of its own: they all know one language. */
async function distinct(cells: readonly Tried[], permissions: Permissions): Promise<Tried[]> {
  const found = new Map<string, Tried>();
  for (const cell of cells) {
    const { models, situations, prompts, evaluation } = cell.scenario;
    const model = (await isEmbeddedMinnow(models.assistant, permissions)) ? MINNOW : models.assistant;
    const key = JSON.stringify([model, situations, prompts, evaluation.suites]);
    if (!found.has(key)) found.set(key, cell);
  }
  return [...found.values()];
}

const isEmbeddedMinnow = async (model: ModelSpec, permissions: Permissions): Promise<boolean> =>
  isEmbedded(modelName(model)) && (await languageOf(model, permissions)) === MINNOW;

function isOwnPack({ situations, prompts }: Scenario, scenarioPath: string): boolean {
  const folder = packFolder(situations, scenarioPath);
  return folder === null || !isShippedPack(folder, prompts);
}
