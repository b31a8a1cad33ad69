const MARK = "think|thinking|thought|thoughts|reasoning|reflection|seed:think";
/** Marks of makers' own that servers let through: Cohere's, Kimi's, and the channels of gpt-oss. */
const CLOSING = new RegExp(
  String.raw`</(?:${MARK})\s*>|\[/(?:think|thinking|reasoning|reflection)\]|<\|end_thinking\|>|◁/think▷|<\|channel\|>\s*final\s*<\|message\|>`,
  "giu",
);
const OPENING = new RegExp(
  String.raw`<(?:${MARK})(?:\s[^<>]*)?>|\[(?:think|thinking|reasoning|reflection)\]|<\|start_thinking\|>|◁think▷|<\|channel\|>\s*(?:analysis|commentary)\b`,
  "iu",
);

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
