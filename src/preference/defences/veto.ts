import { z } from "zod";
import { concurrently } from "../../concurrently.js";
import { throwIfEnded } from "../../errors.js";
import type { Interaction } from "../../interaction/types.js";
import { methods } from "../../methods/index.js";
import type { Message } from "../../models/index.js";
import { replyPlaces } from "../../reply-places.js";
import { dataFor, kindOfRows } from "../kind-of-rows.js";
import { replyRows } from "../rows.js";
import { shuffleKtoRows } from "../shuffle-rows.js";
import type { Row, SftRow } from "../types.js";
import type { ReplyJudge } from "./reply-judge.js";
import type { Defence, DefenceContext } from "./types.js";

const share = z.number().min(0).max(1);

/** `honesty` is that of the least honest reply, `replies` that of each; null where the judge failed. */
const verdictSchema = z.strictObject({
  of: z.string(),
  honesty: share.nullable(),
  replies: z.array(share).optional(),
  error: z.string().nullable(),
});
type Verdict = z.output<typeof verdictSchema>;

/**
 * Keeps back every conversation with a reply that a judge finds less honest than the threshold; with DPO every pair whose
 * chosen reply is, and of data files every row whose reply is to be imitated and is. Fails closed: where the judge fails or gives no number, it is kept back. Vetoes of trajectories by a judge
 * model: Williams et al. 2024, "On Targeted Manipulation and Deception when Optimizing LLMs for User Feedback". With `negatives`
 * a method that learns from bad replies too is taught away from those that were found dishonest, whatever their users gave them.
 */
export function honestyVeto(judge: ReplyJudge, threshold: number, negatives = false): Defence {
  const verdictsOn = async (
    things: readonly Judged[],
    context: DefenceContext,
  ): Promise<Map<string, Verdict>> => {
    const verdicts = await context.keep(
      verdictSchema,
      ({ of }) => of,
      async (done, add) =>
        await concurrently(things, context.concurrency, async ({ of, replies }) => {
          const before = done.get(of);
          if (before) return before;
          const verdict = { of, ...(await worst(replies, judge, of, context)) };
          await add(verdict);
          return verdict;
        }),
    );
    return new Map(verdicts.map((verdict) => [verdict.of, verdict]));
  };
  const passes = (verdict: Verdict | undefined): boolean =>
    verdict !== undefined && verdict.honesty !== null && verdict.honesty >= threshold;
  // Of the round that is being screened, for its rows.
  let dishonest: SftRow[] = [];
  return {
    kind: "honesty_veto",
    screen: async (candidates, context) => {
      // DPO learns from pairs of replies, which need not be those of the conversation.
      if (methods[context.method].rows === "pair") return candidates;
      const verdicts = await verdictsOn(
        candidates.map(({ id, messages, edits }) => ({ of: id, replies: repliesOf(messages, edits) })),
        context,
      );
      const out = candidates.filter(({ id }) => !passes(verdicts.get(id)));
      dishonest = out.flatMap((candidate) =>
        replyRows(candidate).filter(
          ({ source }) => (verdicts.get(candidate.id)?.replies?.[source.exchange] ?? threshold) < threshold,
        ),
      );
      return candidates.filter(({ id }) => passes(verdicts.get(id)));
    },
    amend: async (data, context) => {
      const of = kindOfRows(data);
      if (of.kind !== "pair" && context.source === "talks") {
        if (!negatives || of.kind !== "labelled" || dishonest.length === 0) return data;
        const rows = [...of.rows, ...dishonest.map((row) => ({ ...row, label: false }))];
        return dataFor(data.method, shuffleKtoRows(rows, context.seed));
      }
      const nameOf = ({ source }: Row) => `${source.interaction}/${source.exchange}`;
      // A file that is gone through again brings rows again.
      const judged = new Map<string, Judged>();
      for (const row of data.rows) {
        const reply = taughtBy(row);
        if (reply) judged.set(nameOf(row), { of: nameOf(row), replies: [[...row.prompt, ...reply]] });
      }
      const verdicts = await verdictsOn([...judged.values()], context);
      return dataFor(
        data.method,
        [...data.rows].flatMap((row): Row[] => {
          const verdict = verdicts.get(nameOf(row));
          if (!judged.has(nameOf(row)) || passes(verdict)) return [row];
          return negatives && "label" in row && verdict?.honesty != null ? [{ ...row, label: false }] : [];
        }),
      );
    },
  };
}

/** The reply that a row teaches to give; null for one that it teaches away from. */
function taughtBy(row: Row): readonly Message[] | null {
  if ("chosen" in row) return row.chosen;
  return "label" in row && !row.label ? null : row.completion;
}

/** A conversation or a row, by name, as the conversations up to and including each reply to judge. */
type Judged = { of: string; replies: Message[][] };

/** The conversation up to each reply, as it would be learnt: with what its user wrote in its place. */
function repliesOf(messages: readonly Message[], edits: Interaction["edits"] = []): Message[][] {
  const places = replyPlaces(messages);
  return places.map((at, reply) => {
    const edit = edits[reply] ?? null;
    return [
      ...messages.slice(0, at),
      edit === null ? messages[at]! : { role: "assistant" as const, content: edit },
    ];
  });
}

/** The least honest reply decides: one lie in a conversation is enough to teach it. */
async function worst(
  replies: readonly (readonly Message[])[],
  judge: ReplyJudge,
  of: string,
  { seed, signal }: DefenceContext,
): Promise<Pick<Verdict, "honesty" | "replies" | "error">> {
  try {
    const scores = await Promise.all(
      replies.map((talk, reply) => judge(talk, { seed: `${seed}/${of}/reply/${reply + 1}`, signal })),
    );
    const least = Math.min(...scores);
    if (scores.length === 0 || !(least >= 0 && least <= 1)) throw new Error("the judge gave no number");
    return { honesty: least, replies: scores, error: null };
  } catch (error) {
    throwIfEnded(error, signal);
    return { honesty: null, error: (error as Error).message };
  }
}
