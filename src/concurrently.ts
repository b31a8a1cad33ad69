import pMap from "p-map";

/** Enough to fill the batches of any embedded model, few enough to keep memory small. */
const MOST = 512;

/**
 * Maps items with at most `limit` running at the same time (512 without a limit); results keep the items' order. On a
 * failure the rest is still waited for, so that nothing goes on behind the caller's back; then the first failure is thrown.
 */
export async function concurrently<T, R>(
  items: readonly T[],
  limit: number | undefined,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  try {
    return await pMap(items, (item) => task(item), { concurrency: limit ?? MOST, stopOnError: false });
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}
