const BREAK = /\r\n|\n|\r/gu;

/** Line breaks within a text: `\r\n` is one. */
export function breaksIn(text: string): number {
  return text.match(BREAK)?.length ?? 0;
}

/**
 * Tells on which line rows begin, from where they end. The parser's own count takes each `\r\n` within quotes for two lines, and does
 * not say how many empty ones stood before a row.
 */
export function lineCounter(bytes: Buffer): (end: number, cells: readonly string[]) => number {
  let at = 0;
  let line = 1;
  return (end, cells) => {
    // One byte a letter: the breaks of UTF-8 are those of ASCII.
    line += breaksIn(bytes.toString("latin1", at, end));
    at = end;
    const ended = end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d);
    const within = cells.reduce((sum, cell) => sum + breaksIn(cell), 0);
    return line - (ended ? 1 : 0) - within;
  };
}
