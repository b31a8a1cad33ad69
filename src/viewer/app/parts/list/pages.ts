const PAGE = 100;

/** Some of the rows that there are. */
export type Page<Row> = { total: number; rows: readonly Row[] };

export type Load<Row, P extends Page<Row>> = (
  offset: number,
  limit: number,
  signal: AbortSignal,
) => Promise<P>;

/** Rows that are asked for a page at a time. */
export type Pages<Row> = {
  /** A row that has come. */
  row: (index: number) => Row | undefined;
  /** Resolves once the page of a row has come, or has failed to. */
  waitFor: (index: number) => Promise<void>;
  /** Asks for the rows in sight, and for no others. */
  want: (first: number, last: number) => void;
  /** Forgets everything. */
  clear: () => void;
  /** Has everything asked for again; what is known is shown until then. */
  renew: () => void;
};

type Told<P> = { onPage: (page: P) => void; onError: (error: Error) => void };
type Coming = { promise: Promise<void>; stop: AbortController };

/**
 * Asks for rows when they are wanted. What nobody wants any more is no longer waited for, and an answer to an earlier question
 * is never taken for one to the present question.
 */
export function openPages<Row, P extends Page<Row>>(
  load: Load<Row, P>,
  { onPage, onError }: Told<P>,
): Pages<Row> {
  const pages = new Map<number, readonly Row[]>();
  /** Of the time before the last renewal. */
  const old = new Map<number, readonly Row[]>();
  const coming = new Map<number, Coming>();

  const ask = async (page: number, stop: AbortController): Promise<void> => {
    try {
      const answer = await load(page * PAGE, PAGE, stop.signal);
      if (stop.signal.aborted) return;
      pages.set(page, answer.rows);
      coming.delete(page);
      onPage(answer);
    } catch (error) {
      if (stop.signal.aborted) return;
      coming.delete(page);
      onError(error as Error);
    }
  };

  const fetchPage = (page: number): Promise<void> => {
    if (pages.has(page)) return Promise.resolve();
    const known = coming.get(page);
    if (known) return known.promise;
    const stop = new AbortController();
    const promise = ask(page, stop);
    // It may have been answered while it was asked for.
    if (!pages.has(page)) coming.set(page, { promise, stop });
    return promise;
  };

  const stop = (): void => {
    for (const one of coming.values()) one.stop.abort();
    coming.clear();
  };

  return {
    row: (index) => {
      const page = Math.floor(index / PAGE);
      return (pages.get(page) ?? old.get(page))?.[index % PAGE];
    },
    waitFor: (index) => fetchPage(Math.floor(index / PAGE)),
    want: (first, last) => {
      const [from, to] = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
      for (const [page, { stop }] of coming) {
        if (page >= from && page <= to) continue;
        stop.abort();
        coming.delete(page);
      }
      for (let page = from; page <= to; page += 1) void fetchPage(page);
    },
    clear: () => {
      stop();
      pages.clear();
      old.clear();
    },
    renew: () => {
      stop();
      for (const [page, rows] of pages) old.set(page, rows);
      pages.clear();
    },
  };
}
