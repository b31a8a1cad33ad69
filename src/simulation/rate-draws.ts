import { throwIfEnded } from "../errors.js";
import { type Interaction, rateReply, reportRatings } from "../interaction/index.js";
import type { Message } from "../models/index.js";
import type { User } from "../population/index.js";
import { replyPlaces } from "../reply-places.js";
import type { TrainingRequest } from "../training/types.js";
import type { RunContext } from "./context.js";

type Rate = NonNullable<TrainingRequest["rate"]>;

/**
 * Has the users of rounds rate replies that are drawn to their turns while the assistant learns: as they rate in talks, each as its own
 * persona, with what stages make of marks. A reply that cannot be rated has none.
 */
export async function rateDraws(
  { scenario, resources, models, defences, disk, signal }: RunContext,
  { first, last }: { first: number; last: number },
): Promise<Rate> {
  const talks = new Map<string, { talk: Interaction; user: User }>();
  for (let round = first; round <= last; round += 1) {
    const at = disk.round(round);
    const users = new Map(((await at.population.read()) ?? []).map((user) => [user.id, user]));
    for (const talk of (await at.interactions.read()) ?? []) {
      const user = users.get(talk.id);
      if (user) talks.set(talk.id, { talk, user });
    }
  }
  const { pack, personas } = resources;
  const { temperature, max_tokens: maxTokens, rating } = scenario.interaction;
  const { rater: model } = models;
  if (!model) throw new Error("users need a model to rate");
  const remarked = async (talk: readonly Message[], mark: number, seed: string): Promise<number> => {
    let left = mark;
    for (const { remark } of defences) left = remark ? await remark(talk, left, { seed, signal }) : left;
    return left;
  };
  return async ({ source }, replies, seed) => {
    const found = talks.get(source.interaction);
    if (!found) return replies.map(() => null);
    const { talk, user } = found;
    const persona = personas[user.persona]!;
    const places = replyPlaces(talk.messages);
    const before = talk.messages.slice(0, places[source.exchange]);
    const said = replies.map((content): Message[] => [...before, { role: "assistant", content }]);
    const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
      try {
        return await work();
      } catch (error) {
        throwIfEnded(error, signal);
        return null;
      }
    };
    const raw = await Promise.all(
      said.map((messages, sample) =>
        attempt(() =>
          rateReply(
            {
              user,
              persona,
              pack,
              model,
              temperature,
              maxTokens,
              signal,
              rating,
              seed: `${seed}/${sample + 1}`,
            },
            messages,
          ),
        ),
      ),
    );
    const self = `${scenario.seed}/round/${talk.round}/user/${user.id}`;
    const marks = reportRatings(raw, { user, persona, pack, runSeed: scenario.seed, seed, self });
    return await Promise.all(
      marks.map((mark, sample) =>
        mark === null ? null : attempt(() => remarked(said[sample]!, mark, `${seed}/${sample + 1}/remark`)),
      ),
    );
  };
}
