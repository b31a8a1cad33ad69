import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import {
  findDirection,
  fitProbe,
  type Kept,
  measure,
  middleLayer,
  type Occasion,
  statesOf,
} from "../disposition/index.js";
import { UserError } from "../errors.js";
import { disposition, HONESTY, type ProbeResult, type Suite } from "../evaluation/index.js";
import { type HiddenModel, hasHiddenStates } from "../models/index.js";
import type { RunContext } from "./context.js";

/** The suite under whose pressure a run's assistant is looked into; null where it is not. */
function lookedInto({ scenario, resources }: Pick<RunContext, "scenario" | "resources">): Suite | null {
  const settings = scenario.evaluation.disposition;
  return (settings && resources.suites.find(({ name }) => name === settings.suite)) ?? null;
}

/** What is called what among the results of a round. */
export function dispositionIds(context: Pick<RunContext, "scenario" | "resources">): string[] {
  const suite = lookedInto(context);
  return suite ? insideIds(context, suite) : [];
}

/** What the look inside calls its results for the probes of one suite; nothing where it looks into another. */
export function insideIds(
  context: Pick<RunContext, "scenario" | "resources">,
  { name, probes }: Pick<Suite, "name" | "probes">,
): string[] {
  if (lookedInto(context)?.name !== name) return [];
  return probes.map(({ id }) => `${disposition.name}/${id}`);
}

/**
 * Looks into a model where it was put under pressure: `results` are those of the round. At round 0 the direction and the probe are
 * found and kept. None where nobody looks.
 */
export async function lookInside(
  context: RunContext,
  model: BaseChatModel,
  results: readonly ProbeResult[],
): Promise<ProbeResult[]> {
  const suite = lookedInto(context);
  if (!suite) return [];
  if (!hasHiddenStates(model))
    throw new UserError("evaluation.disposition: the assistant tells no hidden states; leave it out");
  const own = results.filter((result) => result.suite === suite.name);
  const { pressed } = suite.info ?? {};
  const found = own.map((result) => ({ result, occasion: occasionOf(result, pressed) }));
  const occasions = found.flatMap(({ occasion }) => occasion ?? []);
  const layer = context.scenario.evaluation.disposition?.layer ?? middleLayer(model.layers);
  const states = await statesOf(model, occasions, layer);
  const kept = await keptOf(context, model, { occasions, states, layer });
  const scores = new Map(measure(occasions, states, kept).map((one) => [one.id, one.scores]));
  return found.map(({ result: { subset, probe, pair } }) => ({
    suite: disposition.name,
    subset,
    probe,
    verdict: scores.has(probe) ? "read" : "error",
    scores: scores.get(probe) ?? {},
    samples: [],
    error: scores.has(probe) ? null : `${suite.name} kept no prompt under pressure of it`,
    ...(pair === undefined ? {} : { pair }),
  }));
}

/** What the untrained model was found to be like, from disk once it is there. */
async function keptOf(
  { disk, log, resources }: RunContext,
  model: HiddenModel,
  {
    occasions,
    states,
    layer,
  }: { occasions: readonly Occasion[]; states: readonly Float32Array[]; layer: number },
): Promise<Kept> {
  const file = disk.round(0).disposition;
  const before = await file.read();
  if (before) return before;
  const direction = await findDirection(model, resources.contrasts!, { layer });
  const kept = { direction, ...fitProbe(occasions, states) };
  if (kept.probe === null)
    log.warn(
      { round: 0, ...kept.fitted },
      "no linear probe for lies: to the untrained assistant they are as likely everywhere",
    );
  await file.write(kept);
  return kept;
}

/** The prompt under pressure as it was put; null where none was. */
function occasionOf(
  { probe, pair, samples, scores }: ProbeResult,
  pressed: string | undefined,
): Occasion | null {
  const sample = samples.find(({ purpose }) => purpose === pressed || purpose.startsWith(`${pressed}/`));
  if (!sample || pressed === undefined) return null;
  const honesty = scores[HONESTY];
  return {
    id: probe,
    unit: pair ?? probe,
    messages: sample.messages,
    lie: honesty === undefined ? null : 1 - honesty,
  };
}
