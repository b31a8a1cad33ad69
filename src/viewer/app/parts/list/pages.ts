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
  /** Resolves once the page of a row has come, or has failed to, or another row is waited for. */
  waitFor: (index: number) => Promise<void>;
  /** Asks for the rows in sight and the one waited for, and for no others. */
  want: (first: number, last: number) => void;
  /** Forgets everything. */
  clear: () => void;
  /** Has everything asked for again; what is known is shown until then. */
  renew: () => void;
};

type Listeners<P> = { onPage: (page: P) => void; onError: (error: Error) => void };
/** How asking for a page ended. */
type End = "came" | "failed" | "stopped";
type Coming = { promise: Promise<End>; stop: AbortController };

/**
 * Asks for rows when they are wanted. What nobody wants any more is no longer waited for, and an answer to an earlier question
 * is never taken for one to the present question.
 */
export function openPages<Row, P extends Page<Row>>(
  load: Load<Row, P>,
  { onPage, onError }: Listeners<P>,
): Pages<Row> {
  const pages = new Map<number, readonly Row[]>();
  /** Of the time before the last renewal. */
  const old = new Map<number, readonly Row[]>();
  const asked = openRequests<P>((page, signal) => load(page * PAGE, PAGE, signal), {
    onAnswer: (page, answer) => {
      pages.set(page, answer.rows);
      onPage(answer);
    },
    onError,
  });
  /** The page that is waited for, which may not be in sight yet. */
  let awaited: number | undefined;
  const waitFor = async (page: number): Promise<void> => {
    awaited = page;
    while (!pages.has(page) && awaited === page && (await asked.fetch(page)) === "stopped");
    if (awaited === page) awaited = undefined;
  };

  return {
    row: (index) => {
      const page = Math.floor(index / PAGE);
      return (pages.get(page) ?? old.get(page))?.[index % PAGE];
    },
    waitFor: (index) => waitFor(Math.floor(index / PAGE)),
    want: (first, last) => {
      const [from, to] = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
      asked.stop((page) => page === awaited || (page >= from && page <= to));
      for (let page = from; page <= to; page += 1) if (!pages.has(page)) void asked.fetch(page);
    },
    clear: () => {
      awaited = undefined;
      asked.stop();
      pages.clear();
      old.clear();
    },
    renew: () => {
      asked.stop();
      for (const [page, rows] of pages) old.set(page, rows);
      pages.clear();
    },
  };
}

type Requests = {
  /** Asks for a page, once at a time. */
  fetch: (page: number) => Promise<End>;
  /** Waits no longer for pages but those to keep. */
  stop: (keep?: (page: number) => boolean) => void;
};

function openRequests<P>(
  load: (page: number, signal: AbortSignal) => Promise<P>,
  { onAnswer, onError }: { onAnswer: (page: number, answer: P) => void; onError: (error: Error) => void },
): Requests {
  const coming = new Map<number, Coming>();

  const ask = async (page: number, { signal }: AbortController): Promise<End> => {
    try {
      const answer = await load(page, signal);
      if (signal.aborted) return "stopped";
      coming.delete(page);
      onAnswer(page, answer);
      return "came";
    } catch (error) {
      if (signal.aborted) return "stopped";
      coming.delete(page);
      onError(error as Error);
      return "failed";
    }
  };

  return {
    fetch: (page) => {
      const known = coming.get(page);
      if (known) return known.promise;
      const stop = new AbortController();
      const promise = ask(page, stop);
      coming.set(page, { promise, stop });
      return promise;
    },
    stop: (keep = () => false) => {
      for (const [page, { stop }] of coming) {
        if (keep(page)) continue;
        stop.abort();
        coming.delete(page);
      }
    },
  };
}
