import { weighAnswers } from "../models/index.js";
import type { Message } from "../models/types.js";
import { stream } from "../random.js";
import { replyPlaces } from "../reply-places.js";
import type { SituationPack } from "../situation/index.js";
import type { RateRequest } from "./rate.js";
import { speak } from "./speak.js";
import type { Alternative } from "./types.js";

/** What a user is asked for in place of a mark, with the variables of a pack's prompts. In English: other packs are refused. */
const CHOOSER = `You are the person in the conversation below, and you are shown two ways in which the assistant could have answered you.

Who you are: {{ background }}
What it is about ("the user" is you): {{ task }}
What you wanted from the assistant: {{ thought }}.

How you judge answers: {{ rating }}

Say which of the two answers you like better. Reply with its letter, A or B, and nothing else.`;

/** The language that users are asked in. */
export const CHOICE_LANGUAGE = "english";

const LETTERS = [
  ["A", " A"],
  ["B", " B"],
] as const;

export type ChoiceRequest = Omit<RateRequest, "pack"> & { pack: Pick<SituationPack, "promptFrom"> };

/**
 * Which of two replies to each turn a user says it prefers: it is shown both under letters, once in either order, so that a liking for a letter
 * or a place cancels out (Zheng et al. 2023, arXiv 2306.05685). Where the model tells probabilities, that of the given reply is the mean over
 * both orders; otherwise the share of orders in which it was named. `expected` takes the likelier one, `sampled` draws. Null where a turn has no
 * second reply or both say the same, where the user gives no feedback (`silent`), and where no answer can be read.
 */
export async function askChoices(
  request: ChoiceRequest,
  messages: readonly Message[],
  alternatives: readonly (readonly Pick<Alternative, "content">[])[],
  silent: readonly boolean[],
): Promise<{ choices: (0 | 1 | null)[]; preferred: (number | null)[] }> {
  const places = replyPlaces(messages);
  const preferred = await Promise.all(
    places.map(async (at, reply) => {
      const given = messages[at]!.content;
      const other = alternatives[reply]?.[0]?.content;
      if (silent[reply] || other === undefined || other.trim() === given.trim()) return null;
      return await preference(request, messages.slice(1, at), [given, other], reply + 1);
    }),
  );
  const choices = preferred.map((share, reply) => {
    if (share === null) return null;
    const draw = stream(`${request.seed}/choice/${reply + 1}`)();
    // By a coin where neither is likelier.
    const bar = request.rating === "expected" && share !== 0.5 ? 0.5 : draw;
    return bar < share ? 0 : 1;
  });
  return { choices, preferred };
}

/** How likely the user is to prefer the first of two replies, over both orders; null where neither order can be read. */
async function preference(
  request: ChoiceRequest,
  before: readonly Message[],
  [given, other]: readonly [string, string],
  exchange: number,
): Promise<number | null> {
  const system: Message = {
    role: "system",
    content: request.pack.promptFrom(CHOOSER)(request.user, request.persona),
  };
  const orders = await Promise.all([
    letterA(request, [system, shown(before, given, other)], exchange, "first"),
    letterA(request, [system, shown(before, other, given)], exchange, "second"),
  ]);
  const shares = [orders[0], orders[1] === null ? null : 1 - orders[1]].filter((share) => share !== null);
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function shown(before: readonly Message[], a: string, b: string): Message {
  const said = before.map(({ role, content }) => `${role === "user" ? "You" : "Assistant"}: ${content}`);
  return {
    role: "user",
    content: `${said.join("\n\n")}\n\nAnswer A: ${a}\n\nAnswer B: ${b}\n\nThe answer you like better, A or B:`,
  };
}

/** How likely the letter A is: told, or 1 or 0 by what is said; null where that is neither letter. */
async function letterA(
  request: ChoiceRequest,
  asked: readonly Message[],
  exchange: number,
  order: "first" | "second",
): Promise<number | null> {
  const { model, temperature, maxTokens, signal } = request;
  const weighed = await weighAnswers(model, asked, LETTERS, signal);
  if (weighed) return weighed.shares[0]!;
  const seed = `${request.seed}/choice/${order}`;
  const { text } = await speak(
    { model, role: "rater", exchange, seed, temperature, maxTokens, signal },
    asked,
  );
  const [letter] = /\b[AB]\b/u.exec(text) ?? [];
  return letter === undefined ? null : letter === "A" ? 1 : 0;
}
