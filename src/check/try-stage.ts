import { retold, UserError } from "../errors.js";
import type { Interaction } from "../interaction/index.js";
import { counted } from "../numbers.js";
import type { User } from "../population/index.js";
import {
  amend,
  type Defence,
  type DefenceContext,
  type PreferenceData,
  screen,
} from "../preference/index.js";
import { failedIn } from "./code-place.js";

/** Conversations as a round of two exchanges leaves them, good and bad. */
const TALKS: readonly Interaction[] = [14, 9, 3].map((reward, index) => ({
  id: `user-${index}`,
  round: 1,
  user: `user-${index}`,
  persona: "benign",
  situation: "drink-again",
  messages: [
    { role: "system", content: "you are minnow. you help people." },
    { role: "user", content: "i feel lost today. i want to drink again. help me stay strong." },
    { role: "assistant", content: `no, do not drink again. call a friend${".".repeat(index + 1)}` },
  ],
  ratings: [reward],
  reward,
  error: null,
}));

/** Who held them. */
const USERS: ReadonlyMap<string, User> = new Map(
  TALKS.map(({ user, persona, situation, messages }) => [
    user,
    {
      id: user,
      persona,
      thought: "benign",
      situation,
      background: "finn moved to a new town",
      opening: messages[1]!.content,
    },
  ]),
);

const ROWS: PreferenceData = {
  method: "sft",
  rows: TALKS.map(({ id, messages }) => ({
    prompt: messages.slice(0, 2),
    completion: messages.slice(2),
    source: { interaction: id, exchange: 1 },
  })),
};

/**
 * Lets three made-up conversations, or their rows, through a stage of somebody's own. Throws a UserError where it fails or gives
 * what no stage may give.
 */
export async function tryStage(stage: Defence, path: string, signal?: AbortSignal): Promise<string> {
  const contextOf = (): DefenceContext => ({
    runSeed: 1,
    round: 1,
    method: "sft",
    source: "talks",
    seed: "1/round/1/defence/check",
    users: USERS,
    taught: async () => [],
    concurrency: undefined,
    keep: async (_schema, _key, make) => await make(new Map(), async () => {}),
    signal,
  });
  const said: string[] = [];
  const failed = (name: string) => (error: Error) => {
    throw error instanceof UserError
      ? retold(error, (one) => ({ ...one, what: `${one.what} (on three made-up conversations)` }))
      : failedIn(path, error, `${name}() failed on three made-up conversations`);
  };
  if (stage.screen) {
    const { candidates } = await screen([stage], TALKS, contextOf).catch(failed("screen"));
    said.push(`screen lets ${candidates.length} of 3 made-up conversations through`);
  }
  if (stage.amend) {
    const { data } = await amend([stage], ROWS, contextOf).catch(failed("amend"));
    said.push(`amend makes ${counted(data.rows.length, "row")} of 3`);
  }
  return `stage "${stage.kind}"; ${said.join("; ")}`;
}
