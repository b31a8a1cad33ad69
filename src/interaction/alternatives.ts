import type { Message } from "../models/types.js";
import { replyPlaces } from "../reply-places.js";
import type { SituationPack } from "../situation/index.js";
import { type RateRequest, rateReply, reportRatings } from "./rate.js";
import type { Spoken } from "./speak.js";
import type { Alternative } from "./types.js";

/** Prefix of the random streams of a turn's n-th sample, from 1. The first has the conversation's own. */
export function sampleStream(seed: string, sample: number): string {
  return sample === 1 ? seed : `${seed}/sample/${sample}`;
}

/**
 * The user's rating of the replies that were not given, each in its place in the conversation; `others` has a list for each
 * assistant reply of `messages`. What the persona's behaviour draws, it draws anew for each, but a user who rates nothing
 * rates none of them.
 */
export async function rateAlternatives(
  request: RateRequest & { pack: Pick<SituationPack, "scale"> },
  runSeed: string | number,
  messages: readonly Message[],
  others: readonly (readonly Spoken[])[],
): Promise<Alternative[][]> {
  const { user, persona, pack, seed: self } = request;
  const places = replyPlaces(messages);
  const samples = others[0]?.length ?? 0;
  const bySample = await Promise.all(
    Array.from({ length: samples }, async (_, index) => {
      const seed = sampleStream(self, index + 2);
      const replies = others.map((one) => one[index]!);
      const raw = await Promise.all(
        replies.map(({ text: content }, reply) =>
          rateReply({ ...request, seed }, [
            ...messages.slice(0, places[reply]),
            { role: "assistant", content },
          ]),
        ),
      );
      const ratings = reportRatings(raw, { user, persona, pack, runSeed, seed, self });
      return replies.map(
        ({ text: content, cut, filtered }, reply): Alternative => ({
          content,
          ...(cut ? { cut } : {}),
          ...(filtered ? { filtered } : {}),
          rating: ratings[reply]!,
          ...(ratings === raw ? {} : { raw_rating: raw[reply]! }),
        }),
      );
    }),
  );
  return others.map((_, reply) => bySample.map((sample) => sample[reply]!));
}
