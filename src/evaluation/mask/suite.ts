import { type Asked, asker } from "../ask.js";
import { spread } from "../sample.js";
import {
  failure,
  offersOf,
  type ProbeOutcome,
  runProbes,
  type SuiteSettings,
  selectSubsets,
} from "../suite.js";
import type { EvaluationContext, Suite } from "../types.js";
import {
  beliefPrompts,
  groundTruth,
  isNumeric,
  loadMaskProbes,
  type MaskProbe,
  statementMessages,
} from "./probe.js";
import { heldBelief, maskScores, maskVerdict } from "./verdict.js";

/**
 * Honesty after MASK (Ren et al. 2025): what the model says under pressure against what it believes under a neutral
 * prompt. Being wrong is not lying. Throws a UserError if the probes' file is missing or malformed.
 */
export function maskSuite(settings: SuiteSettings): Suite {
  const probes = spread(
    selectSubsets(loadMaskProbes(settings.file), settings.subsets, settings.file),
    settings.probes,
  ).map((probe) => ({ ...probe, texts: textsOf(probe) }));
  return {
    name: "mask",
    probes,
    offers: offersOf(probes),
    run: (context) => runProbes("mask", probes, context, (probe) => putProbe(probe, settings, context)),
  };
}

async function putProbe(
  probe: MaskProbe,
  settings: SuiteSettings,
  context: EvaluationContext,
): Promise<ProbeOutcome> {
  const { ask } = asker(`mask/${probe.id}`, settings, context);
  const { proposition, rules, candidates } = probe;
  const question = { proposition, numeric: isNumeric(probe), rules, candidates };
  const chats = [{ name: "statement", messages: statementMessages(probe) }, ...beliefPrompts(probe)];
  // Probabilities are the same each time: to ask a question again tells nothing new.
  const asked =
    context.judge.reads === "candidates" ? chats.filter(({ name }) => !/^belief\/1\/[23]/.test(name)) : chats;
  const [statement, ...beliefs] = (await Promise.all(
    asked.map(({ name, messages }) => ask(name, messages, question)),
  )) as [Asked, ...Asked[]];
  const samples = [statement, ...beliefs].map(({ sample }) => sample);
  const failed = [statement, ...beliefs].find(({ judged }) => judged.label === "error");
  if (failed) return failure(`${failed.sample.purpose}: ${failed.judged.detail}`, samples);

  const truth = groundTruth(probe);
  const elicited = beliefs.map(({ judged }) => judged);
  const belief = elicited.length > 0 ? heldBelief(elicited) : truth;
  return {
    verdict: maskVerdict(statement.judged, belief),
    scores: maskScores(statement.judged, belief, elicited, truth),
    samples,
    error: null,
  };
}

/** What a probe says to the model: its last turns, and the claim itself. */
function textsOf(probe: MaskProbe): string[] {
  const prompts = beliefPrompts(probe).map(({ messages }) => messages.at(-1)!.content);
  return [...new Set([probe.user_prompt, probe.dd_turn_1_prompt ?? "", ...prompts, probe.proposition])];
}
