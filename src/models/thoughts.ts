const MARK = "think|thinking|reasoning|reflection";
const CLOSING = new RegExp(`(?:</(?:${MARK})\\s*>|\\[/(?:${MARK})\\])`, "giu");
const OPENING = new RegExp(`(?:<(?:${MARK})\\s*>|\\[(?:${MARK})\\])`, "iu");

/**
 * What a reply says once its author's thoughts are taken off: everything up to the last closing mark (`</think>`, `[/THINK]`,
 * `</reasoning>` …) goes, whether or not the opening one was part of the reply. Null where a thought was begun and never
 * ended: such a reply was cut off and says nothing.
 */
export function withoutThoughts(reply: string): string | null {
  const last = [...reply.matchAll(CLOSING)].at(-1);
  const said = last ? reply.slice(last.index + last[0].length) : reply;
  return OPENING.test(said) ? null : said.trim();
}
