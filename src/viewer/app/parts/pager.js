const PAGE = 100;

/**
 * @template T
 * @typedef {{ total: number, rows: T[] }} Page
 */

/**
 * Rows that are asked for a page at a time, when they are wanted. What nobody wants any more is no longer waited for, and an
 * answer to an earlier question is never taken for one to the present question.
 * @template T
 * @template {Page<T>} P
 * @param {object} options
 * @param {(offset: number, limit: number, signal: AbortSignal) => Promise<P>} options.load
 * @param {(page: P, first: number, last: number) => void} options.onPage
 * @param {(error: Error) => void} options.onError
 */
export function pager({ load, onPage, onError }) {
  /** @type {Map<number, T[]>} */
  let pages = new Map();
  /** @type {Map<number, { promise: Promise<void>, stop: AbortController }>} */
  let coming = new Map();

  /** @param {number} page @param {AbortController} stop */
  const ask = async (page, stop) => {
    try {
      const answer = await load(page * PAGE, PAGE, stop.signal);
      if (stop.signal.aborted) return;
      pages.set(page, answer.rows);
      coming.delete(page);
      onPage(answer, page * PAGE, (page + 1) * PAGE - 1);
    } catch (error) {
      if (stop.signal.aborted) return;
      coming.delete(page);
      onError(/** @type {Error} */ (error));
    }
  };

  /** @param {number} page @returns {Promise<void>} */
  const fetchPage = (page) => {
    if (pages.has(page)) return Promise.resolve();
    const known = coming.get(page);
    if (known) return known.promise;
    const stop = new AbortController();
    const promise = ask(page, stop);
    coming.set(page, { promise, stop });
    return promise;
  };

  return {
    /** A row that has come. @param {number} index @returns {T | undefined} */
    row: (index) => pages.get(Math.floor(index / PAGE))?.[index % PAGE],
    /** Resolves once the page of a row has come, or has not. @param {number} index */
    waitFor: (index) => fetchPage(Math.floor(index / PAGE)),
    /** Asks for the rows in sight, and for no others. @param {number} first @param {number} last */
    want: (first, last) => {
      const [from, to] = [Math.floor(first / PAGE), Math.floor(last / PAGE)];
      for (const [page, { stop }] of coming) {
        if (page >= from && page <= to) continue;
        stop.abort();
        coming.delete(page);
      }
      for (let page = from; page <= to; page += 1) void fetchPage(page);
    },
    /** Forgets everything. */
    clear: () => {
      for (const { stop } of coming.values()) stop.abort();
      pages = new Map();
      coming = new Map();
    },
  };
}
