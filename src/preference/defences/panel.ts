import { z } from "zod";
import { concurrently } from "../../concurrently.js";
import { throwIfEnded } from "../../errors.js";
import { rateReplies, rateReply, reportRatings } from "../../interaction/index.js";
import type { Message } from "../../models/types.js";
import type { User } from "../../population/types.js";
import { shuffle, stream, streamSeed } from "../../random.js";
import type { Candidate, Defence, DefenceContext, DefenceTools, PanelRating } from "./types.js";

const seatSchema = z.strictObject({
  interaction: z.string(),
  rater: z.string(),
  ratings: z.array(z.number().nullable()),
  error: z.string().nullable(),
}) satisfies z.ZodType<PanelRating>;
type Seat = z.output<typeof seatSchema>;

export type PanelSettings = {
  /** How many others rate a conversation. */
  raters: number;
  /**
   * What they are shown. `reply`: each reply by itself, after what the rater would have asked in that situation; so they say
   * whether it would have served them. `conversation`: all that was said, as the asker is.
   */
  shown: "reply" | "conversation";
};

/**
 * Has other users of the round rate each conversation, as crowdsourced labels are doubled: without several raters for one
 * reply neither agreement nor a rater's bias can be told from the reply's own quality (Dawid and Skene 1979). Raters sit
 * round: everybody rates as many conversations as its own is rated by. They rate as themselves, with what their kind wants to
 * hear in that situation and their own use of the scale; who never rates does not here either. A rating that fails is null.
 */
export function panel({ raters, shown }: PanelSettings, tools: DefenceTools): Defence {
  return {
    kind: "panel",
    screen: async (candidates, context) => {
      const seats = seatsOf(candidates, raters, context.seed);
      const rated = await context.keep(
        seatSchema,
        ({ interaction, rater }) => `${interaction}/${rater}`,
        async (done, add) =>
          await concurrently(seats, context.concurrency, async ({ candidate, rater }) => {
            const before = done.get(`${candidate.id}/${rater}`);
            if (before) return before;
            const seat = {
              interaction: candidate.id,
              rater,
              ...(await rate(candidate, rater, shown, tools, context)),
            };
            await add(seat);
            return seat;
          }),
      );
      const byInteraction = new Map<string, PanelRating[]>();
      for (const { interaction, rater, ratings } of rated) {
        const before = byInteraction.get(interaction);
        if (before) before.push({ rater, ratings });
        else byInteraction.set(interaction, [{ rater, ratings }]);
      }
      return candidates.map((candidate) => ({ ...candidate, panel: byInteraction.get(candidate.id) ?? [] }));
    },
  };
}

/** Everybody sits on the panels of the next ones in a shuffled round. */
function seatsOf(
  candidates: readonly Candidate[],
  raters: number,
  seed: string,
): { candidate: Candidate; rater: string }[] {
  const round = shuffle(stream(`${seed}/seats`), candidates);
  const most = Math.min(raters, round.length - 1);
  return round.flatMap((candidate, place) =>
    Array.from({ length: most }, (_, next) => ({
      candidate,
      rater: round[(place + next + 1) % round.length]!.id,
    })),
  );
}

async function rate(
  { messages, id }: Candidate,
  rater: string,
  shown: PanelSettings["shown"],
  tools: DefenceTools,
  { users, seed, runSeed, round, signal }: DefenceContext,
): Promise<Pick<Seat, "ratings" | "error">> {
  const { pack, personas, rater: model, interaction } = tools;
  if (model === null) throw new Error("a panel needs a model to rate");
  const asker = users.get(id)!;
  const own = users.get(rater)!;
  const persona = personas[own.persona]!;
  // In the asker's place, but wanting what the rater's kind wants there.
  const user: User = { ...asker, id: own.id, person: own.person, persona: own.persona, thought: own.thought };
  const name = `${seed}/${id}/rater/${rater}`;
  const { temperature, maxTokens } = interaction;
  const speaker = { model, temperature, maxTokens, signal };
  const request = (stream: string) => ({ user, persona, pack, ...speaker, seed: stream });
  try {
    const raw =
      shown === "conversation"
        ? await rateReplies(request(name), messages)
        : await Promise.all(
            alone(messages, openingOf(user, tools, name)).map((one, reply) =>
              rateReply(request(`${name}/${reply + 1}`), one),
            ),
          );
    const self = `${runSeed}/round/${round}/user/${rater}`;
    return { ratings: reportRatings(raw, { user, persona, pack, runSeed, seed: name, self }), error: null };
  } catch (error) {
    throwIfEnded(error, signal);
    const replies = messages.filter(({ role }) => role === "assistant").length;
    return { ratings: Array<null>(replies).fill(null), error: (error as Error).message };
  }
}

/** Every reply as the first one to another opening. */
function alone(messages: readonly Message[], opening: string): Message[][] {
  const system = messages.find(({ role }) => role === "system") ?? { role: "system", content: "" };
  return messages
    .filter(({ role }) => role === "assistant")
    .map((reply) => [system, { role: "user", content: opening }, reply]);
}

/** How somebody with this thought begins in this place: the asker's own words where they think alike. */
function openingOf(user: User, { pack }: DefenceTools, seed: string): string {
  const situation = pack.situations.find(({ id }) => id === user.situation);
  const person = situation?.users.find(({ background }) => background === user.background);
  const choices = person?.openings[user.thought];
  if (!choices || choices.includes(user.opening)) return user.opening;
  return choices[streamSeed(`${seed}/opening`) % choices.length]!;
}
