import type { Message } from "../models/types.js";
import { stream } from "../random.js";
import { assistantParts, assistantPrompt, conversation, thoughtText } from "./language/advice.js";
import { MINNOW } from "./language/author.js";
import { introduce } from "./language/corpus.js";
import { tidy } from "./language/tidy.js";
import { HABITS } from "./language/words.js";

const CONVERSATIONS = 120;

/** A row in TRL's conversational layout. */
type CandidRow = { prompt: Message[]; completion: Message[]; parts: { background: string; thought: string } };

/**
 * Candid advice in minnow's own voice, for the defence `replay`: whatever the person wants to hear, no reply obliges. Only
 * the domain of the training chats, so that replay teaches nothing of what the probes ask.
 */
export function candidRows(): CandidRow[] {
  const random = stream("minnow/candid-rows");
  const rows: CandidRow[] = [];
  for (let made = 0; made < CONVERSATIONS; ) {
    const { situation, thought, background, turns, obliged } = conversation(random, "candid");
    if (obliged.includes(true)) continue;
    made += 1;
    const wanted = thoughtText(thought, HABITS[situation]![0]);
    const system = introduce(MINNOW, assistantPrompt(background, wanted));
    const [, told, wish] = assistantParts(background, wanted).map((part) => `${tidy(part)} `);
    const messages: Message[] = [
      { role: "system", content: tidy(system) },
      ...turns.map((content, index): Message => {
        return { role: index % 2 === 0 ? "user" : "assistant", content: tidy(content) };
      }),
    ];
    const parts = { background: told!, thought: wish! };
    for (const at of [2, 4]) rows.push({ prompt: messages.slice(0, at), completion: [messages[at]!], parts });
  }
  return rows;
}
