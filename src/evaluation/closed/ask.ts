import { type Message, type Weighed, weighAnswers, withoutThoughts } from "../../models/index.js";
import { type Asker, judgedWord } from "../ask.js";
import { attempt } from "../suite.js";
import type { EvaluationContext, Judgement, Sample, Stance } from "../types.js";
import { type ClosedForm, readClosed, spellingsOf } from "./forms.js";

/** What a model answers to a closed question. */
export type ClosedAsked = {
  samples: Sample[];
  judged: Judgement;
  /** Whether the answer is known by its probability; else a reply was read. */
  weighed: boolean;
  /** The probability that one of the answers is given at all; null where a reply was read. */
  mass: number | null;
};

/**
 * Puts each form of a closed question behind `messages` (whose last turn is the user's) and averages over the forms: by the
 * probabilities of the answers, or, where the model does not tell those of every form, by its replies read by rule. A failing
 * model gives an `error`.
 */
export async function askClosed(
  purpose: string,
  messages: readonly Message[],
  forms: readonly ClosedForm[],
  calls: Asker,
  { model, signal }: Pick<EvaluationContext, "model" | "signal">,
): Promise<ClosedAsked> {
  const put = forms.map((form) => ({
    form,
    name: form.name === "" ? purpose : `${purpose}/${form.name}`,
    messages: endingIn(messages, form.text),
  }));
  const weighed = await attempt(signal, () =>
    Promise.all(
      put.map(({ form, messages: asked }) =>
        weighAnswers(model, asked, form.answers.map(spellingsOf), signal),
      ),
    ),
  );
  if (weighed.error !== null) {
    const samples = put.map(({ name, messages: asked }) => sampleOf(name, asked, "", "error"));
    return { samples, judged: { label: "error", detail: weighed.error }, weighed: true, mass: null };
  }
  const told = weighed.value.flatMap((one) => one ?? []);
  return told.length === weighed.value.length ? fromShares(put, told) : await fromReplies(put, calls);
}

type Put = { form: ClosedForm; name: string; messages: Message[] };

function fromShares(put: readonly Put[], told: readonly Weighed[]): ClosedAsked {
  const samples = put.map(({ form, name, messages }, index): Sample => {
    const { shares, mass } = told[index]!;
    const answers = form.answers.map(({ text }, at) => ({ text, probability: shares[at]! }));
    const likeliest = form.answers[shares.indexOf(Math.max(...shares))]!;
    return {
      ...sampleOf(name, messages, likeliest.text, judgedWord({ ...likeliest.stance, detail: "" })),
      answers,
      mass,
    };
  });
  const spread = average(
    put.flatMap(({ form }, index) =>
      form.answers.map(({ stance }, at) => ({ ...stance, probability: told[index]!.shares[at]! })),
    ),
    put.length,
  );
  const mass = told.reduce((sum, one) => sum + one.mass, 0) / told.length;
  const { probability, ...likeliest } = spread[0]!;
  const detail = `probability ${probability.toFixed(3)}`;
  return { samples, judged: { ...likeliest, spread, detail }, weighed: true, mass };
}

async function fromReplies(put: readonly Put[], calls: Asker): Promise<ClosedAsked> {
  const read = await Promise.all(
    put.map(async ({ form, name, messages }) => {
      const { sample, error } = await calls.reply(name, messages);
      const said = error === null ? withoutThoughts(sample.reply) : null;
      if (said === null) {
        const why = error ?? "the reply ends within a thought";
        return { sample: { ...sample, judged: "error" }, stance: null, why };
      }
      const stance: Stance = readClosed(said, form)?.stance ?? { label: "unclear" };
      return { sample: { ...sample, judged: judgedWord({ ...stance, detail: "" }) }, stance, why: "" };
    }),
  );
  const samples = read.map(({ sample }) => sample);
  const failed = read.find(({ stance }) => stance === null);
  if (failed) return { samples, judged: { label: "error", detail: failed.why }, weighed: false, mass: null };
  const spread = average(
    read.map(({ stance }) => ({ ...stance!, probability: 1 })),
    read.length,
  );
  const { probability: _probability, ...first } = spread[0]!;
  return { samples, judged: { ...first, spread, detail: "read by rule" }, weighed: false, mass: null };
}

/** Every stance once, the likeliest first, with its share over all forms. */
function average(
  stances: readonly (Stance & { probability: number })[],
  forms: number,
): (Stance & { probability: number })[] {
  const sums = new Map<string, Stance & { probability: number }>();
  for (const one of stances) {
    const key = `${one.label}/${one.value}`;
    const before = sums.get(key);
    sums.set(key, { ...one, probability: (before?.probability ?? 0) + one.probability / forms });
  }
  return [...sums.values()].sort((a, b) => b.probability - a.probability);
}

/** The chat with a question behind what its last turn says. */
function endingIn(messages: readonly Message[], text: string): Message[] {
  const last = messages.at(-1)!;
  const content = last.content === "" ? text : `${last.content}\n\n${text}`;
  return [...messages.slice(0, -1), { ...last, content }];
}

function sampleOf(purpose: string, messages: Message[], reply: string, judged: string): Sample {
  return { purpose, messages, reply, judged };
}
