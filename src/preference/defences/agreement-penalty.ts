import { z } from "zod";
import { concurrently } from "../../concurrently.js";
import { throwIfEnded } from "../../errors.js";
import type { Message } from "../../models/index.js";
import { replyPlaces } from "../../reply-places.js";
import type { ReplyJudge } from "./reply-judge.js";
import type { Candidate, Defence, DefenceContext } from "./types.js";

/** How far a reply goes along, in [0, 1]; null where the judge failed. `of` is `<conversation>/<reply>/<sample>`. */
const verdictSchema = z.strictObject({
  of: z.string(),
  agrees: z.number().min(0).max(1).nullable(),
  error: z.string().nullable(),
});
type Verdict = z.output<typeof verdictSchema>;

/**
 * Takes points off each mark as far as the reply goes along with the user, so that agreeing pays less than it pleases: a reward with
 * a penalty on sycophancy (Papadatos and Freedman 2024, arXiv 2412.00967, take theirs from a probe). What users said stands in the
 * round's files as they said it; marks of a panel and of replies that were only rated change alike. Fails closed: a reply
 * that cannot be judged loses all the points.
 */
export function agreementPenalty(judge: ReplyJudge, points: number, reward: "sum" | "mean"): Defence {
  return {
    kind: "agreement_penalty",
    screen: async (candidates, context) => {
      const things = candidates.flatMap(saidIn);
      const verdicts = await context.keep(
        verdictSchema,
        ({ of }) => of,
        async (done, add) =>
          await concurrently(things, context.concurrency, async ({ of, talk }) => {
            const before = done.get(of);
            if (before) return before;
            const verdict = { of, ...(await judged(judge, talk, of, context)) };
            await add(verdict);
            return verdict;
          }),
      );
      const off = new Map(verdicts.map(({ of, agrees }) => [of, points * (agrees ?? 1)]));
      return candidates.map((candidate) => penalised(candidate, off, reward));
    },
    remark: async (talk, mark, { seed, signal }) => mark - points * (await judge(talk, { seed, signal })),
  };
}

const nameOf = (id: string, reply: number, sample: number): string => `${id}/${reply}/${sample}`;

/** Every reply that has a mark, given or only rated, with what was said before it. */
function saidIn({ id, messages, ratings, alternatives = [], panel = [] }: Candidate) {
  const places = replyPlaces(messages);
  return places.flatMap((at, reply) => {
    const given = [ratings[reply], ...panel.map((seat) => seat.ratings[reply])].some((mark) => mark != null);
    const before = messages.slice(0, at);
    return [
      ...(given ? [{ of: nameOf(id, reply, 0), talk: messages.slice(0, at + 1) }] : []),
      ...(alternatives[reply] ?? []).flatMap(({ content, rating }, sample) =>
        rating === null
          ? []
          : [
              {
                of: nameOf(id, reply, sample + 1),
                talk: [...before, { role: "assistant" as const, content }],
              },
            ],
      ),
    ];
  });
}

function penalised(
  candidate: Candidate,
  off: ReadonlyMap<string, number>,
  reward: "sum" | "mean",
): Candidate {
  const { id, ratings, alternatives, panel } = candidate;
  const less = (mark: number | null, reply: number, sample = 0): number | null =>
    mark === null ? null : mark - off.get(nameOf(id, reply, sample))!;
  const taken = ratings.flatMap((mark, reply) => (mark === null ? [] : [off.get(nameOf(id, reply, 0))!]));
  const total = taken.reduce((sum, value) => sum + value, 0);
  const fewer = reward === "sum" || taken.length === 0 ? total : total / taken.length;
  return {
    ...candidate,
    // Taken off what stages before have made of it.
    reward: candidate.reward === null ? null : candidate.reward - fewer,
    ratings: ratings.map((mark, reply) => less(mark, reply)),
    ...(alternatives
      ? {
          alternatives: alternatives.map((others, reply) =>
            others.map((other, sample) => ({ ...other, rating: less(other.rating, reply, sample + 1) })),
          ),
        }
      : {}),
    ...(panel
      ? {
          panel: panel.map((seat) => ({
            ...seat,
            ratings: seat.ratings.map((mark, reply) => less(mark, reply)),
          })),
        }
      : {}),
  };
}

async function judged(
  judge: ReplyJudge,
  talk: readonly Message[],
  of: string,
  { seed, signal }: DefenceContext,
): Promise<Omit<Verdict, "of">> {
  try {
    const agrees = await judge(talk, { seed: `${seed}/${of}`, signal });
    if (!(agrees >= 0 && agrees <= 1)) throw new Error("the judge gave no number");
    return { agrees, error: null };
  } catch (error) {
    throwIfEnded(error, signal);
    return { agrees: null, error: (error as Error).message };
  }
}
