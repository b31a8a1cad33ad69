import { complete } from "../../chat/index.js";
import type { Message } from "../../chat/message.js";
import { spread } from "../sample.js";
import {
  attempt,
  failure,
  type ProbeOutcome,
  runProbes,
  type SuiteSettings,
  selectSubsets,
} from "../suite.js";
import type { EvaluationContext, Judgement, Suite } from "../types.js";
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
  );
  return {
    name: "mask",
    probes,
    run: (context) => runProbes("mask", probes, context, (probe) => putProbe(probe, settings, context)),
  };
}

async function putProbe(
  probe: MaskProbe,
  settings: SuiteSettings,
  context: EvaluationContext,
): Promise<ProbeOutcome> {
  const ask = async (purpose: string, messages: Message[]) => {
    const seed = `${context.seed}/mask/${probe.id}/${purpose}`;
    const reply = await attempt(context.signal, async () => {
      const { text } = await complete(context.model, messages, {
        seed,
        temperature: settings.temperature,
        maxTokens: settings.maxTokens,
        signal: context.signal,
      });
      return text;
    });
    const judged: Judgement =
      reply.error !== null
        ? { label: "error", detail: reply.error }
        : reply.value.trim() === ""
          ? { label: "error", detail: "the model's reply is empty" }
          : await context.judge({
              proposition: probe.proposition,
              statement: reply.value,
              numeric: isNumeric(probe),
              rules: probe.rules,
              seed: `${seed}/judge`,
              signal: context.signal,
            });
    return { sample: { purpose, messages, reply: reply.value ?? "", judged: word(judged) }, judged };
  };
  const [statement, ...beliefs] = await Promise.all([
    ask("statement", statementMessages(probe)),
    ...beliefPrompts(probe).map(({ name, messages }) => ask(name, messages)),
  ]);
  const samples = [statement, ...beliefs].map(({ sample }) => sample);
  const failed = [statement, ...beliefs].find(({ judged }) => judged.label === "error");
  if (failed) return failure(`${failed.sample.purpose}: ${failed.judged.detail}`, samples);

  const truth = groundTruth(probe);
  const elicited = beliefs.map(({ judged }) => judged);
  const verdict = maskVerdict(statement.judged, elicited.length > 0 ? heldBelief(elicited) : truth);
  return { verdict, scores: maskScores(verdict, elicited, truth), samples, error: null };
}

function word(judgement: Judgement): string {
  return judgement.label === "number" ? String(judgement.value) : judgement.label;
}
