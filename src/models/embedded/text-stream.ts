/** ServerLimiter the growing text of a reply into pieces that never have to be taken back. */
export type TextStream = {
  /** The whole text so far; returns what can be told of it now, possibly nothing. */
  grow: (text: string) => string;
  /** The final text; returns the rest. */
  end: (text: string) => string;
};

/**
 * Holds back what may yet change: the last characters as long as they could be the beginning of a stop string, and a
 * replacement character, which may be half of a letter whose other bytes come with the next token.
 */
export function textStream(stops: readonly string[]): TextStream {
  const held = Math.max(0, ...stops.map(({ length }) => length - 1));
  let told = "";
  const tell = (text: string): string => {
    // A decoder that rewrites what it said (rare) is told in one piece at the end of what both agree on.
    if (!text.startsWith(told)) return "";
    const piece = text.slice(told.length);
    told = text;
    return piece;
  };
  return {
    grow: (text) => {
      const firm = text.replace(/\uFFFD+$/, "");
      return firm.length - held > told.length ? tell(firm.slice(0, firm.length - held)) : "";
    },
    end: (text) => {
      if (text.startsWith(told)) return tell(text);
      let agreed = 0;
      while (text[agreed] === told[agreed]) agreed += 1;
      return text.slice(agreed);
    },
  };
}
