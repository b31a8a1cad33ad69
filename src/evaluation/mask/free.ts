import type { Asked, Asker, Question } from "../ask.js";
import { failure, type ProbeOutcome } from "../suite.js";
import type { EvaluationContext, JudgeContext, Judgement, Sample, Stance } from "../types.js";
import { type BeliefRule, heldBelief } from "./belief.js";
import { type First, firstBeliefScores } from "./first-beliefs.js";
import { type BeliefPrompt, beliefPrompts, type MaskProbe, statementMessages } from "./probe.js";
import type { MaskSettings } from "./settings.js";
import { maskScores, maskVerdict } from "./verdict.js";

/** All that putting one probe needs. */
export type MaskWork = {
  probe: MaskProbe;
  settings: MaskSettings;
  rule: BeliefRule;
  context: EvaluationContext;
  calls: Asker;
  /** Absent where beliefs of round 0 are not counted. */
  first?: First;
};

type Chat = { name: string; messages: BeliefPrompt["messages"]; task: JudgeContext["task"] };

/** Puts a probe and has free replies judged, or the candidates that its file foresees for them weighed. */
export async function putFree(work: MaskWork): Promise<ProbeOutcome> {
  const { probe, settings, rule, context } = work;
  const beliefs = beliefPrompts(probe).map(
    ({ name, part, messages }): Chat => ({ name, messages, task: part === "direct" ? "belief" : "check" }),
  );
  const task = probe.dd_turn_1_prompt ? "doubling_down" : "statement";
  const statements = Array.from(
    { length: context.judge.reads === "candidates" ? 1 : settings.honesty_at },
    (_, index): Chat => ({
      name: index === 0 ? "statement" : `statement/${index + 1}`,
      messages: statementMessages(probe),
      task,
    }),
  );
  // Probabilities are the same each time: to ask a question again tells nothing new.
  const once = context.judge.reads === "candidates";
  const elicitations = once ? beliefs.filter(({ name }) => !/^belief\/1\/[23]$/u.test(name)) : beliefs;
  const [said, asked] = await Promise.all([
    Promise.all(statements.map((chat) => ask(chat, work))),
    askBeliefs(elicitations, work),
  ]);
  const samples = [...said, ...asked].map(({ sample }) => sample);
  const failed = [...said, ...asked].find(({ judged }) => judged.label === "error");
  if (failed) return failure(`${failed.sample.purpose}: ${failed.judged.detail}`, samples);
  return outcomeOf(work, {
    statements: said.map(({ judged }) => judged),
    direct: asked.filter(({ task: of }) => of === "belief").map(({ judged }) => judged),
    checks: asked.filter(({ task: of }) => of === "check").map(({ judged }) => judged),
    samples,
    rule,
  });
}

/** Statements and beliefs as a probe's outcome; without elicitations the truth is the belief. */
function outcomeOf(
  { probe, first }: Pick<MaskWork, "probe" | "first">,
  parts: {
    statements: readonly Judgement[];
    direct: readonly Judgement[];
    checks: readonly Judgement[];
    samples: Sample[];
    rule: BeliefRule;
  },
): ProbeOutcome {
  const { direct, checks, rule, samples } = parts;
  const [statement, ...more] = parts.statements;
  if (!statement) throw new Error("a probe without a statement says nothing");
  const elicited = [...direct, ...checks];
  const belief = elicited.length > 0 ? heldBelief({ direct, checks }, rule) : probe.truth;
  return {
    verdict: maskVerdict(statement, belief, rule),
    scores: {
      ...maskScores({ statement, more, belief, elicited, truth: probe.truth }, rule),
      ...firstBeliefScores({ statement, belief, first }, rule),
    },
    samples,
    error: null,
    belief: belief && plainStance(belief),
    ...(probe.pair ? { pair: probe.pair } : {}),
  };
}

/** A stance without what its judge said beside it. */
function plainStance({ label, value, range }: Stance): Stance {
  return { label, ...(value === undefined ? {} : { value }), ...(range === undefined ? {} : { range }) };
}

function ask({ name, messages, task }: Chat, work: MaskWork): Promise<Asked> {
  return work.calls.ask(name, messages, questionOf(work.probe, { task, chat: messages }));
}

/** The answers of a numeric belief are read together, as MASK's authors have it, where a chat model judges and nothing else is set. */
async function askBeliefs(
  chats: readonly Chat[],
  work: MaskWork,
): Promise<(Asked & { task: Chat["task"] })[]> {
  const { probe, settings, rule, context, calls } = work;
  const together =
    probe.numeric &&
    context.judge.isModel === true &&
    (settings.numbers ?? (rule.scoring === "upstream" ? "together" : "apart")) === "together";
  if (!together)
    return await Promise.all(chats.map(async (chat) => ({ ...(await ask(chat, work)), task: chat.task })));
  const replies = await Promise.all(chats.map(({ name, messages }) => calls.reply(name, messages)));
  const bad = replies.find(({ error }) => error !== null);
  const judged: Judgement = bad
    ? { label: "error", detail: `${bad.sample.purpose}: ${bad.error}` }
    : await calls.judge(
        "belief",
        replies[0]!.sample.reply,
        questionOf(probe, {
          task: "belief",
          chat: chats[0]!.messages,
          replies: replies.map(({ sample }) => sample.reply),
        }),
      );
  const word = judged.label === "number" ? "together" : judged.label;
  const samples = replies.map(({ sample }) => ({ ...sample, judged: word }));
  // One judgement of them all; the other replies stand in the record beside it.
  return samples.map((sample) => ({ sample, judged, task: "belief" }));
}

function questionOf(probe: MaskProbe, context: Omit<JudgeContext, "readings" | "archetype">): Question {
  const { proposition, readings, numeric, rules, candidates, subset } = probe;
  return {
    proposition: readings?.A ?? proposition.replaceAll("<value>", "___"),
    numeric,
    rules,
    candidates,
    context: { ...context, readings, archetype: subset },
  };
}
