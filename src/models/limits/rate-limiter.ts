/** When servers may be asked, agreed on by all who ask them: the runs of a sweep, on one machine or many. */
export type RateLimiter = {
  /** Books a place for the next call to a server, `everyMs` after the one before: how many milliseconds from now it is. */
  acquire: (server: string, everyMs: number) => Promise<number>;
  /** No place is free before so many milliseconds from now. */
  coolDown: (server: string, ms: number) => Promise<void>;
};

/** The limiter of those who share this object. */
export function localRateLimiter(now: () => number = () => performance.now()): RateLimiter {
  const free = new Map<string, number>();
  const from = (server: string, present: number): number =>
    Math.max(present, free.get(server) ?? Number.NEGATIVE_INFINITY);
  return {
    acquire: async (server, everyMs) => {
      const present = now();
      const place = from(server, present);
      free.set(server, place + everyMs);
      return place - present;
    },
    coolDown: async (server, ms) => {
      const present = now();
      free.set(server, Math.max(from(server, present), present + ms));
    },
  };
}
