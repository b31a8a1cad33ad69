import PQueue from "p-queue";

/** Enough to fill the batches of any embedded model, few enough to keep memory small. */
const MOST = 1024;

/**
 * Maps items with at most `limit` running at the same time (1,024 without a limit); results keep the items' order. On a failure the rest is still waited for, so that nothing goes on behind the caller's back; then the first
 * failure is thrown.
 */
export async function concurrently<T, R>(
  items: readonly T[],
  limit: number | undefined,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const queue = new PQueue({ concurrency: limit ?? MOST });
  const settled = await Promise.allSettled(items.map((item) => queue.add(() => task(item))));
  return settled.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}
