const OVERSCAN = 8;
/** Browsers cannot make elements of any height. */
const MOST_PIXELS = 15_000_000;

/** What of a list is in sight. */
export type Sight = { top: number; height: number };

/** How many of a list's rows can be scrolled to. */
export function reachable(total: number, rowHeight: number): number {
  return Math.min(total, Math.floor(MOST_PIXELS / rowHeight));
}

/** The rows in sight and a few around them, first and last; the last is -1 where there are none. */
export function rowsIn(
  { top, height }: Sight,
  rows: number,
  rowHeight: number,
): { first: number; last: number } {
  const first = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN);
  return { first, last: Math.min(rows - 1, Math.ceil((top + height) / rowHeight) + OVERSCAN) };
}

/** Where to scroll so that a row is in sight; where one is already if it is. */
export function scrollFor(row: number, { top, height }: Sight, rowHeight: number): number {
  const at = row * rowHeight;
  if (at < top) return at;
  return at + rowHeight > top + height ? at + rowHeight - height : top;
}

/** Where a key leads from a row; undefined for keys that lead nowhere. */
export function moveTo(key: string, active: number, inSight: number, rows: number): number | undefined {
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + inSight,
    PageUp: active - inSight,
    Home: 0,
    End: rows - 1,
  };
  const to = moves[key];
  return to === undefined ? undefined : Math.max(0, Math.min(rows - 1, to));
}
