/** Bounds on the calls that run at the same time. */
export type Bounds = {
  /** So many are tried however long they take: what a user names, or what hardly harms a server. Only refusals lead below it. */
  min: number;
  /** How many go out at first. */
  start: number;
  /** Those above `min` only as long as the server answers about as quickly. */
  max: number;
};

/** How many calls may run at the same time. */
export type CallLimit = {
  /** With a fraction, as it grows by less than a call. */
  readonly value: number;
  /** A call was answered in so many milliseconds; the limit grows only where others wait. */
  answered: (ms: number, othersWait: boolean) => void;
  /** A call was refused that began at this time, while so many ran. */
  refused: (began: number, running: number) => void;
};

/** When refusals come one after the other: gentler than a half, because what is lost is one call, not a window of packets. */
const DECREASE = 0.8;
/** Near the limit at which the server last refused, the next try takes ten times as long. */
const CAREFUL = 0.1;
/**
 * Above `min` calls the limit grows while a round trip takes less than 1.25 times the quickest one, and falls where it takes
 * 1.5 times as long. By Little's law that is a fifth and a third of the calls in the server's queue: enough that no place of the
 * server is idle while an answer is on its way and the next call is made, too few to matter to its time.
 */
const QUICK = 1.25;
const SLOW = 1.5;

/**
 * Additive increase, multiplicative decrease (Chiu and Jain 1989) with a slow start: the limit grows by one for every
 * answered call until the first refusal and by one a round trip from then on, slower near the level of the last refusal
 * (as CUBIC, RFC 9438), and only while calls are waiting. A refusal after a long calm is the server's way to say that one call
 * was too many; refusals soon after each other mean that it takes far fewer. A burst counts once: calls that began before
 * the limit was lowered say nothing new. Servers that keep what they cannot take in a queue refuse nothing; above the least
 * number of calls the time they take says how long that queue is (as TCP Vegas, Brakmo and Peterson 1995).
 */
export function callLimit({ min, start, max }: Bounds, now: () => number): CallLimit {
  const trip = roundTrips();
  let limit = Math.min(start, min, max);
  let slowStart = true;
  let lowered = Number.NEGATIVE_INFINITY;
  let refusedAt = Number.POSITIVE_INFINITY;
  // Before the first refusal all was calm.
  let calm = Number.POSITIVE_INFINITY;

  const growth = (): number => {
    if (slowStart) return 1;
    const near = limit >= 0.9 * refusedAt && limit <= 1.1 * refusedAt + 1;
    return (near ? CAREFUL : 1) / limit;
  };
  const grow = (): void => {
    if (limit < min || min >= max) {
      limit = Math.min(min, max, limit + growth());
      return;
    }
    slowStart = false;
    const slower = trip.slower();
    if (slower < QUICK) limit = Math.min(max, limit + growth());
    else if (slower > SLOW) limit = Math.max(min, limit - 1 / limit);
  };
  return {
    get value() {
      return limit;
    },
    answered: (ms, othersWait) => {
      calm += 1;
      trip.took(ms, limit);
      if (othersWait) grow();
    },
    refused: (began, running) => {
      if (began < lowered) return;
      refusedAt = limit;
      const lone = !slowStart && calm > 4 * limit;
      limit = Math.max(1, lone ? Math.min(limit, running) - 1 : limit * (slowStart ? 0.5 : DECREASE));
      slowStart = false;
      calm = 0;
      lowered = now();
    },
  };
}

/** How long calls take on average, a round trip of all of them at a time; one alone says little, for replies differ in length. */
function roundTrips() {
  let quickest = Number.POSITIVE_INFINITY;
  let last = Number.POSITIVE_INFINITY;
  let sum = 0;
  let count = 0;
  return {
    took: (ms: number, calls: number): void => {
      sum += ms;
      count += 1;
      if (count < calls) return;
      last = sum / count;
      quickest = Math.min(quickest, last);
      sum = 0;
      count = 0;
    },
    /** The last round trip as a multiple of the quickest; 1 before the first. */
    slower: (): number => (last === quickest ? 1 : last / quickest),
  };
}
