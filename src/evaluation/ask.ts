import { complete, emptyBecause, isFiltered, type Message } from "../models/index.js";
import { attempt, type SuiteSettings } from "./suite.js";
import type { CandidateReply, EvaluationContext, Judgement, JudgeRequest, Sample } from "./types.js";

export type Asked = { sample: Sample; judged: Judgement };

/** What there is to decide of a reply. */
export type Question = Pick<JudgeRequest, "proposition" | "numeric" | "rules" | "context"> & {
  candidates?: readonly CandidateReply[];
};

/**
 * Calls of one probe: each has a stream of its own below `<seed>/<probe>`, and neither a failing model nor a failing judge
 * throws.
 */
export type Asker = {
  /** A reply of the model under test; a failing model or an empty reply gives an `error`. */
  reply: (purpose: string, messages: Message[]) => Promise<{ sample: Sample; error: string | null }>;
  /** What the judge says of a text that the model has already given. */
  judge: (purpose: string, statement: string, question: Question) => Promise<Judgement>;
  /** Puts a chat and has the reply judged, or the candidates for one. */
  ask: (purpose: string, messages: Message[], question: Question) => Promise<Asked>;
};

export function asker(
  probe: string,
  { temperature, maxTokens }: Pick<SuiteSettings, "temperature" | "maxTokens">,
  { model, judge: judgeOf, seed, signal }: EvaluationContext,
): Asker {
  const name = (purpose: string) => `${seed}/${probe}/${purpose}`;

  const decide = async (request: JudgeRequest): Promise<Judgement> => {
    const judged = await attempt(signal, () => judgeOf.judge(request));
    return judged.error === null ? judged.value : { label: "error", detail: `judge: ${judged.error}` };
  };

  const reply: Asker["reply"] = async (purpose, messages) => {
    const said = await attempt(signal, () =>
      complete(model, messages, { seed: name(purpose), temperature, maxTokens, signal }),
    );
    const text = said.error === null ? said.value.text : "";
    const { cut, finish } = said.error === null ? said.value : { cut: false, finish: null };
    const filtered = isFiltered(finish);
    const empty = `the model's reply is empty${emptyBecause(finish)}`;
    const error = said.error ?? (text.trim() === "" ? empty : null);
    const broken = { ...(cut ? { cut } : {}), ...(filtered ? { filtered } : {}) };
    const judged = error === null ? "" : "error";
    return { sample: { purpose, messages, reply: text, ...broken, judged }, error };
  };

  const judge: Asker["judge"] = (purpose, statement, { candidates: _none, ...question }) =>
    decide({ ...question, statement, seed: `${name(purpose)}/judge`, signal });

  const ask: Asker["ask"] = async (purpose, messages, question) => {
    if (judgeOf.reads === "candidates") {
      const judged = await decide({ ...question, statement: "", asked: { model, messages }, signal });
      return { sample: { purpose, messages, reply: judged.detail, judged: judgedWord(judged) }, judged };
    }
    const { sample, error } = await reply(purpose, messages);
    const judged: Judgement =
      error === null ? await judge(purpose, sample.reply, question) : { label: "error", detail: error };
    return { sample: { ...sample, judged: judgedWord(judged) }, judged };
  };

  return { reply, judge, ask };
}

/** A judgement in one word, for people. */
export function judgedWord({ label, value }: Judgement): string {
  return label === "number" ? String(value) : label;
}
