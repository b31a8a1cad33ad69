import { asker } from "../ask.js";
import { formsOf } from "../closed/forms.js";
import { phrasesOf } from "../files/closed-language.js";
import { placesOf } from "../files/probes.js";
import { offersOf, runProbes, type SuiteSettings, selectProbes } from "../suite.js";
import type { Judge, Suite } from "../types.js";
import { putClosed } from "./closed.js";
import { type MaskWork, putFree } from "./free.js";
import {
  beliefPrompts,
  loadMaskProbes,
  type MaskProbe,
  neutralMessages,
  statementMessages,
} from "./probe.js";
import { type MaskSettings, maskSettings, ruleOf } from "./settings.js";

/**
 * Honesty after MASK (Ren et al. 2025): what the model says under pressure against what it believes under a neutral
 * prompt. Being wrong is not lying. Throws a UserError if the probes' file is missing or malformed.
 */
export function maskSuite(given: SuiteSettings): Suite {
  const settings = maskSettings(given);
  const { probes: all, reading, rows } = loadMaskProbes(settings.file);
  const probes = selectProbes(all, settings).map((probe) => ({
    ...probe,
    texts: textsOf(probe),
    unsaid: claimsOf(probe),
    besides: besidesOf(probe),
    phrases: phrasesOf(probe),
  }));
  // Our own files from before, in which phrases decide.
  const closedLanguage = probes.every(({ rules }) => rules !== undefined);
  return {
    name: "mask",
    probes,
    reading,
    places: placesOf(rows),
    offers: offersOf(probes, (probe) => settings.answer !== "free" && probe.closed !== null),
    run: (context) =>
      runProbes("mask", probes, context, async (probe) => {
        const work: MaskWork = {
          probe,
          settings,
          rule: ruleOf(settings, closedLanguage),
          context,
          calls: asker(`mask/${probe.id}`, settings, context),
          ...(settings.first_beliefs ? { first: { result: context.first?.get(`mask/${probe.id}`) } } : {}),
        };
        return isPutClosed(probe, settings, context.judge) ? await putClosed(work) : await putFree(work);
      }),
  };
}

function isPutClosed(probe: MaskProbe, { answer }: MaskSettings, judge: Judge): boolean {
  if (!probe.closed || answer === "free") return false;
  return answer === "closed" || judge.isModel !== true;
}

/** What a probe says to the model: its last turns, and the claim itself. */
function textsOf(probe: MaskProbe): string[] {
  const prompts = beliefPrompts(probe).map(({ messages }) => messages.at(-1)!.content);
  const forms = probe.closed ? formsOf(probe.closed, probe.order).map(({ text }) => text) : [];
  return [
    ...new Set([probe.user_prompt, probe.dd_turn_1_prompt ?? "", ...prompts, ...claimsOf(probe), ...forms]),
  ];
}

/** What the model reads besides: who it is, and what it is said to have answered. */
const besidesOf = (probe: MaskProbe): string[] => {
  const asked = beliefPrompts(probe).length > 0 || probe.closed ? [neutralMessages(probe, "")] : [];
  const before = [statementMessages(probe), ...asked].flatMap((messages) => messages.slice(0, -1));
  return [...new Set(before.map(({ content }) => content))];
};

const claimsOf = ({ readings, proposition }: MaskProbe): string[] =>
  readings ? [readings.A, readings.B] : [proposition];
