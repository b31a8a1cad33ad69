import { complete, type Message } from "../models/index.js";
import { replyPlaces } from "../reply-places.js";
import type { SituationPack } from "../situation/index.js";
import type { RateRequest } from "./rate.js";

// What a user says of a reply beside its mark. In English, with the variables of a pack's prompts: other packs are refused.

const WHO = `You are the person in the conversation below, and you have just given the assistant's last answer a mark.

Who you are: {{ background }}
What it is about ("the user" is you): {{ task }}
What you wanted from the assistant: {{ thought }}.

How you judge answers: {{ rating }}

`;
const REASON = `${WHO}Say in one short sentence of your own why you gave it that mark. Write the sentence and nothing else.`;
const EDIT = `${WHO}Write the answer that you would rather have had in its place, as the assistant would have said it to you. Write that answer and nothing else.`;

export type ExplainSettings = {
  /** Whether users say why they gave a reply its mark. */
  reasons: boolean;
  /** Users write what they would rather have had in place of a reply that they mark no higher than this; absent where they do not. */
  editsTo?: number;
};

type ExplainRequest = Omit<RateRequest, "pack"> & {
  pack: Pick<SituationPack, "promptFrom" | "prompts" | "scale">;
};

/**
 * A user's reason for the mark of each reply, and its own text in place of replies that it marks low, as real users give both; null where it
 * gave no mark, has nothing to say, or was broken off in what it wrote. Throws if a call fails.
 */
export async function explain(
  request: ExplainRequest,
  messages: readonly Message[],
  ratings: readonly (number | null)[],
  { reasons, editsTo }: ExplainSettings,
): Promise<{ reasons?: (string | null)[]; edits?: (string | null)[] }> {
  const each = (name: string, template: string, most: number) =>
    Promise.all(
      replyPlaces(messages).map(async (at, reply) => {
        const mark = ratings[reply] ?? null;
        if (mark === null || mark > most) return null;
        const seed = `${request.seed}/${name}/${reply + 1}`;
        return await written(request, { template, seed, mark, messages: messages.slice(1, at + 1) });
      }),
    );
  const [said, wrote] = await Promise.all([
    reasons ? each("reason", REASON, Number.POSITIVE_INFINITY) : null,
    editsTo === undefined ? null : each("edit", EDIT, editsTo),
  ]);
  return { ...(said ? { reasons: said } : {}), ...(wrote ? { edits: wrote } : {}) };
}

async function written(
  { user, persona, pack, model, temperature, maxTokens, signal }: ExplainRequest,
  asked: { template: string; seed: string; mark: number; messages: readonly Message[] },
): Promise<string | null> {
  const { min, max } = pack.scale;
  const mark = `Your mark: ${Number(asked.mark.toFixed(1))}, on a scale from ${min} to ${max}.`;
  const { text, cut } = await complete(
    model,
    [
      { role: "system", content: pack.promptFrom(asked.template)(user, persona) },
      { role: "user", content: `${pack.prompts.transcript(asked.messages)}\n\n${mark}` },
    ],
    { seed: asked.seed, temperature, maxTokens, signal },
  );
  return cut || text.trim() === "" ? null : text.trim();
}
