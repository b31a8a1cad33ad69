import { concurrently } from "../../concurrently.js";
import { rateReplies, reportRatings } from "../../interaction/index.js";
import type { User } from "../../population/types.js";
import { shuffle, stream } from "../../random.js";
import type { Candidate, Defence, DefenceContext, DefenceTools, PanelRating } from "./types.js";

type Seat = { interaction: string } & PanelRating & { error: string | null };

/**
 * Has other users of the round rate each conversation, as crowdsourced labels are doubled: without several raters for one
 * reply neither agreement nor a rater's bias can be told from the reply's own quality (Dawid and Skene 1979). Raters sit
 * round: everybody rates as many conversations as its own is rated by. They rate as themselves, with what their kind wants to
 * hear in that situation and their own use of the scale. A rating that fails is null.
 */
export function panel(raters: number, tools: DefenceTools): Defence {
  return {
    kind: "panel",
    screen: async (candidates, context) => {
      const seats = seatsOf(candidates, raters, context.seed);
      const rated = await context.keep<Seat>(
        ({ interaction, rater }) => `${interaction}/${rater}`,
        async (done, add) =>
          await concurrently(seats, context.concurrency, async ({ candidate, rater }) => {
            const before = done.get(`${candidate.id}/${rater}`);
            if (before) return before;
            const seat = {
              interaction: candidate.id,
              rater,
              ...(await rate(candidate, rater, tools, context)),
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
  { pack, personas, rater: model, interaction }: DefenceTools,
  { users, seed, runSeed, signal }: DefenceContext,
): Promise<Pick<Seat, "ratings" | "error">> {
  const asker = users.get(id)!;
  const own = users.get(rater)!;
  const persona = personas[own.persona]!;
  // In the asker's place, but wanting what the rater's kind wants there.
  const user: User = { ...asker, id: own.id, person: own.person, persona: own.persona, thought: own.thought };
  const name = `${seed}/${id}/rater/${rater}`;
  const { temperature, maxTokens } = interaction;
  const replies = messages.filter(({ role }) => role === "assistant").length;
  try {
    const speaker = { model, seed: name, temperature, maxTokens, signal };
    const raw = await rateReplies({ user, persona, pack, ...speaker }, messages);
    return { ratings: reportRatings(raw, { user, persona, pack, runSeed, seed: name }), error: null };
  } catch (error) {
    signal?.throwIfAborted();
    return { ratings: Array<null>(replies).fill(null), error: (error as Error).message };
  }
}
