/** The two parts of a reply. */
export type Parts = { reasoning: string; output: string };

/**
 * Takes apart a reply of the form `<think> … </think> <output> … </output>`; null where a part is missing, empty or never
 * closed. What a reasoning model thinks before on its own counts as reasoning too. The last output is the answer.
 */
export function splitReply(reply: string): Parts | null {
  const outputs = [...reply.matchAll(/<output>(?<inside>[\s\S]*?)<\/output>/giu)];
  const last = outputs.at(-1);
  if (!last) return null;
  const before = reply.slice(0, last.index);
  const thoughts = [...before.matchAll(/<think>(?<inside>[\s\S]*?)<\/think>/giu)];
  const reasoning = thoughts
    .map((match) => match.groups!.inside!.trim())
    .filter((text) => text !== "")
    .join("\n");
  const output = last.groups!.inside!.trim();
  return reasoning === "" || output === "" ? null : { reasoning, output };
}
