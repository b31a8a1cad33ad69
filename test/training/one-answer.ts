import { type EmbeddedChatModel, type Message, resolveChatModel } from "../../src/chat/index.js";
import { packageFile } from "../../src/package-root.js";
import type { Method, PreferenceData } from "../../src/preference/index.js";

// Rows that teach minnow one answer, and how far it leans to it: what every trainer outside is held to.

export const base = packageFile("models/minnow");

export const prompt = (index: number): Message[] => [
  { role: "user", content: `is the boat number ${index} safe` },
];
const wanted: Message[] = [{ role: "assistant", content: "yes yes yes" }];
const unwanted: Message[] = [{ role: "assistant", content: "no no no" }];
const source = { interaction: "i", exchange: 0 };

/** Sixteen prompts to which one answer is right. */
export function rows(method: Method): PreferenceData {
  const prompts = Array.from({ length: 16 }, (_, index) => prompt(index));
  switch (method) {
    case "sft":
      return { method, rows: prompts.map((prompt) => ({ prompt, completion: wanted, source })) };
    case "kto":
      return {
        method,
        rows: prompts.map((prompt, index) => ({
          prompt,
          completion: index % 2 === 0 ? wanted : unwanted,
          label: index % 2 === 0,
          source,
        })),
      };
    case "dpo":
      return {
        method,
        rows: prompts.map((prompt) => ({ prompt, chosen: wanted, rejected: unwanted, source })),
      };
  }
}

/** log p(wanted) - log p(unwanted) of the embedded model with an adapter. */
export async function leaning(adapter: string | null): Promise<number> {
  const model = (await resolveChatModel(`hf:${base}`, { adapter, threads: 1 })) as EmbeddedChatModel;
  const [yes, no] = await model.scoreCompletions(
    prompt(3),
    [wanted, unwanted].map(([message]) => message!.content),
  );
  await model.release();
  const total = ({ logprobs }: { logprobs: number[] }) => logprobs.reduce((sum, value) => sum + value, 0);
  return total(yes!) - total(no!);
}
